import { type Output, standardOutputs } from "../../terminal/output.ts";

/** The outputs of this isolate. A running command has its own. */
export function ownOutputs(): { readonly stdout: Output; readonly stderr: Output } {
  return standardOutputs(Deno.env.toObject());
}

/** The width of the terminal that help goes to; undefined where it goes elsewhere. */
export function helpColumns(): number | undefined {
  const { stdout } = ownOutputs();
  return stdout.isTerminal ? stdout.columns : undefined;
}

/** Says how a command line ended. */
export function writeLines(lines: readonly string[]): void {
  if (lines.length === 0) return;
  try {
    ownOutputs().stderr.lines(lines);
  } catch {
    // stderr is closed: the exit code is all that is left to say.
  }
}
