import { LineSplitter } from "../../lib/printed/line_splitter.ts";
import { Redactor } from "../../lib/redact/redactor.ts";
import { assertEquals } from "../assert.ts";

const encoder = new TextEncoder();

/** The lines of an output that comes in these pieces. */
function linesOf(...pieces: readonly string[]): string[] {
  const splitter = new LineSplitter(new Redactor());
  return [...pieces.flatMap((piece) => splitter.push(encoder.encode(piece))), ...splitter.end()];
}

Deno.test({ name: "LineSplitter: of a line that is written over, the last state stays", permissions: "none" }, () => {
  assertEquals(linesOf("10%\r50%\r100%\ndone\n"), ["100%", "done"]);
  assertEquals(linesOf("10%\r", "50%", "\r100%\n"), ["100%"]);
  assertEquals(linesOf("windows\r\n", "plain"), ["windows", "plain"]);
  assertEquals(linesOf("\x1b[32mgreen\x1b[0m \x1b]0;title\x07text\n"), ["green text"]);
});
