import { messageOf } from "../base/errors.ts";
import type { Redactor } from "../redact/redactor.ts";
import type { Output } from "../terminal/output.ts";
import type { ScalarFinder } from "./scalar_finder.ts";
import { LineSplitter } from "./line_splitter.ts";
import type { PrintedOutput } from "./printed_output.ts";

/** Where captured output goes. */
export interface CaptureTargets {
  /** dbx's own stdout or stderr: gets the very bytes, at once. */
  readonly through: Output;
  /** What keeps the lines of both streams. */
  readonly kept: PrintedOutput;
  readonly scalars?: ScalarFinder;
  /** Takes secrets out of the lines before they are kept. What is passed on is not touched. */
  readonly redactor: Redactor;
  /** Whether another dbx read the beginning of the stream. */
  readonly amid?: boolean;
}

/** Passes a stream of the child on, untouched and unbuffered, and keeps its lines. Ends with the stream. */
export async function capture(
  stream: AsyncIterable<Uint8Array>,
  name: "stdout" | "stderr",
  targets: CaptureTargets,
  onWarning: (message: string) => void,
): Promise<void> {
  const splitter = new LineSplitter(targets.redactor, targets);
  let through = true;
  for await (const bytes of stream) {
    if (through) {
      try {
        targets.through.passBytes(bytes);
      } catch (error) {
        // The reader of dbx's output left; the child lives on, and its output is still kept.
        through = false;
        if (!(error instanceof Deno.errors.BrokenPipe)) {
          onWarning(`Cannot pass on the ${name} of the command: ${messageOf(error)}`);
        }
      }
    }
    keep(splitter.push(bytes), name, targets);
    targets.kept.flush();
  }
  keep(splitter.end(), name, targets);
}

function keep(lines: readonly string[], name: "stdout" | "stderr", { kept, scalars }: CaptureTargets): void {
  const now = Date.now();
  for (const line of lines) kept.keep(name, line, now, scalars);
}
