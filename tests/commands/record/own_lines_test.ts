import type { Context, Output } from "../../../lib/commands/command.ts";
import { withOwnLines } from "../../../lib/commands/record/own_lines.ts";
import { assertEquals } from "../../assert.ts";

/** A context whose outputs are written into one text. */
function context(isTerminal: boolean): { context: Context; written: () => string } {
  let written = "";
  const output: Output = {
    isTerminal,
    columns: 80,
    colour: false,
    write(data) {
      written += typeof data === "string" ? data : new TextDecoder().decode(data);
    },
  };
  return { context: withOwnLines({ stdout: output, stderr: output } as Context), written: () => written };
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("withOwnLines: what dbx says stands on a line of its own, and the child's bytes are as they were", () => {
  const { context: { stderr }, written } = context(false);
  stderr.write("dbx: start\n");
  stderr.write(bytes("\r 50%|##"));
  stderr.write(bytes(""));
  stderr.write("dbx: found\n");
  stderr.write("dbx: more\n");
  stderr.write(bytes("\r100%|####\n"));
  stderr.write("dbx: end\n");
  assertEquals(written(), "dbx: start\n\r 50%|##\ndbx: found\ndbx: more\n\r100%|####\ndbx: end\n");
});

Deno.test("withOwnLines: on a terminal stdout counts too, elsewhere it is another place", () => {
  for (const [isTerminal, expected] of [[true, "no end\ndbx: end\n"], [false, "no enddbx: end\n"]] as const) {
    const { context: { stdout, stderr }, written } = context(isTerminal);
    stdout.write(bytes("no end"));
    stderr.write("dbx: end\n");
    assertEquals(written(), expected);
  }
});
