import { progressBar, progressLine } from "../../lib/terminal/progress.ts";
import { assert, assertEquals } from "../assert.ts";
import { keptOutputs } from "./sink.ts";

Deno.test("progressBar: nothing for quick work, a bar after a while, gone at the end", { permissions: "none" }, () => {
  let now = 0;
  const kept = keptOutputs({ isTerminal: true });
  const out = kept.stderr;
  const bar = progressBar(out, "reading logs", () => now);
  bar(1, 4);
  assertEquals(kept.take(), "");
  now = 400;
  bar(1, 4);
  bar(2, 4); // Too soon after the last.
  assertEquals(kept.take(), "\r\x1b[Kreading logs ██████░░░░░░░░░░░░░░░░░░ 25%  1 B of 4 B, 2 s left");
  now = 600;
  bar(4, 4);
  assertEquals(kept.take(), "\r\x1b[K");
});

Deno.test("progressBar: nothing in a pipe", { permissions: "none" }, () => {
  let now = 0;
  const kept = keptOutputs({ isTerminal: false });
  const out = kept.stderr;
  const bar = progressBar(out, "reading logs", () => now);
  now = 1000;
  bar(1, 4);
  bar(4, 4);
  assertEquals(kept.take(), "");
});

Deno.test("progressBar: fits every width, also one that changes", { permissions: "none" }, () => {
  let now = 0;
  const kept = keptOutputs({ isTerminal: true });
  const out = kept.stderr;
  const bar = progressBar(out, "sending", () => now);
  for (const columns of [200, 80, 60, 50, 40, 20, 5, 1]) {
    now += 500;
    kept.columns = columns;
    bar(1e9, 3e9, "100 MiB/s");
    const line = kept.take().replace("\r\x1b[K", "");
    assert([...line].length < columns || line === "", `${columns}: ${line}`);
    if (columns >= 80) assert(line.includes("█") && line.endsWith(" s left"), line);
    if (columns === 40) assert(line.startsWith("sending 33%"), line);
  }
});

Deno.test("progressLine: after a while, not too often, cut at the width, and nothing in a pipe", {
  permissions: "none",
}, () => {
  for (const isTerminal of [true, false]) {
    let now = 0;
    const kept = keptOutputs({ isTerminal });
    kept.columns = 10;
    const draw = progressLine(kept.stderr, () => now);
    draw(() => "too soon");
    now = 400;
    draw(() => "looked at 12 files");
    now = 420;
    draw(() => "too soon after the last");
    assertEquals(kept.take(), isTerminal ? "\r\x1b[Klooked at" : "");
  }
});
