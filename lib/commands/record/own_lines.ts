import type { Context, Output } from "../command.ts";

const NEWLINE = 10;

/**
 * Lets what dbx itself says (text) begin a line of its own on stderr, also where the child's output (bytes) stopped in the
 * middle of one, as progress bars do.
 */
export function withOwnLines(context: Context): Context {
  // Two terminals are one as a rule.
  const cursor = { inLine: false };
  const stdout = follow(context.stdout, context.stdout.isTerminal && context.stderr.isTerminal ? cursor : {});
  const stderr = follow(context.stderr, cursor);
  return { ...context, stdout, stderr };
}

function follow(output: Output, cursor: { inLine?: boolean }): Output {
  return {
    isTerminal: output.isTerminal,
    colour: output.colour,
    get columns() {
      return output.columns;
    },
    write(data) {
      const begins = typeof data === "string" && cursor.inLine === true;
      output.write(begins ? `\n${data}` : data);
      if (data.length > 0) cursor.inLine = typeof data === "string" ? !data.endsWith("\n") : data.at(-1) !== NEWLINE;
    },
  };
}
