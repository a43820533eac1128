import { outputOf } from "../../lib/commands/output.ts";
import { assertEquals } from "../assert.ts";

/** Standard output of a kind; what is written to it is kept. */
function sink(isTerminal: boolean) {
  let written = "";
  const own = {
    isTerminal: () => isTerminal,
    writeSync: (bytes: Uint8Array) => (written += new TextDecoder().decode(bytes), bytes.length),
  };
  return { sink: own, take: () => [written, written = ""][0] };
}

Deno.test("outputOf: a bar that an interrupted command left is cleared, and nothing else", () => {
  const { sink: own, take } = sink(true);
  const out = outputOf(own, {});
  for (
    const [written, cleared] of [
      [["\r\x1b[Kreading logs ███░ 75%"], "\r\x1b[K"],
      [["\r\x1b[Kreading logs ███░ 75%", "\r\x1b[K"], ""],
      [["\r\x1b[Kreading logs ███░ 75%", "\r\x1b[Kdone\n"], ""],
      [["a line\n"], ""],
      [["no line"], ""],
    ] as const
  ) {
    written.forEach((text) => out.write(text));
    take();
    out.clearBar();
    assertEquals(take(), cleared, JSON.stringify(written));
  }
});

Deno.test("outputOf: a pipe has the width that COLUMNS says, and no colours", () => {
  const { sink: own } = sink(false);
  const out = outputOf(own, { COLUMNS: "132" });
  assertEquals([out.columns, out.colour, outputOf(own, {}).columns], [132, false, 80]);
});
