import { LATEST_CLOCK, nextNoteTime, noteTimes } from "../../../lib/format/events/note_times.ts";
import { assert, assertEquals } from "../../assert.ts";

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

Deno.test({
  name: "noteTimes: within a log the order of the lines counts, between logs their times",
  permissions: "none",
  fn() {
    assertEquals(noteTimes([[5, 3, 4, 9], [1, undefined, 2]]), [[5, 5, 5, 9], [1, 1, 2]]);
    assertEquals(noteTimes([[undefined, 2], []]), [[0, 2], []]);
  },
});

Deno.test({
  name: "noteTimes: what no clock can show says nothing, except as a continuation",
  permissions: "none",
  fn() {
    for (const absurd of [MAX_SAFE, 2 ** 53, 2 ** 60, 1e308, LATEST_CLOCK + 2]) {
      assertEquals(noteTimes([[7, absurd, 8]]), [[7, 7, 8]], `${absurd}`);
    }
    assertEquals(noteTimes([[-5]]), [[0]]);
    const [a, b] = [LATEST_CLOCK + 1, LATEST_CLOCK + 2];
    assertEquals(noteTimes([[LATEST_CLOCK, b], [a]]), [[LATEST_CLOCK, b], [a]]);
    assertEquals(noteTimes([[LATEST_CLOCK, b]]), [[LATEST_CLOCK, LATEST_CLOCK]]);
  },
});

Deno.test({
  name: "nextNoteTime: is greater than all that count, whatever was written and whatever the clock says",
  permissions: "none",
  fn() {
    assertEquals(nextNoteTime(100, []), 100);
    assertEquals(nextNoteTime(100, [[100], [40, 30]]), 101);
    assertEquals(nextNoteTime(100, [[1e308, 2 ** 53, MAX_SAFE]]), 100);
    for (const clock of [NaN, Infinity, 1e308, MAX_SAFE, -1]) assertEquals(nextNoteTime(clock, [[41]]), 42);
    // From the worst that may stand there, note after note.
    const log: number[] = [LATEST_CLOCK, MAX_SAFE];
    for (let turn = 0; turn < 50; turn++) {
      const ts = nextNoteTime(turn, [log]);
      const before = noteTimes([log])[0].at(-1)!;
      log.push(ts);
      assert(Number.isSafeInteger(ts) && noteTimes([log])[0].at(-1)! > before);
    }
  },
});
