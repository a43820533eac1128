import { UsageError } from "../../../base/errors.ts";
import { ask } from "../../../cli/ask.ts";
import type { Context } from "../../../cli/command.ts";

/** Bytes of a secret at most: a key of many lines. */
const MAX_SECRET_BYTES = 64 * 1024;

/** Reads a secret from the terminal, where it is not shown, or all of stdin. */
export async function readSecret(context: Context): Promise<string> {
  if (context.stdin.isTerminal) return await ask(context, "Secret: ", { hidden: true });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const piece of context.stdin.readable) {
    pieces.push(piece);
    length += piece.length;
    if (length > MAX_SECRET_BYTES) {
      throw new UsageError(`Cannot search for a secret of more than ${MAX_SECRET_BYTES} bytes`);
    }
  }
  return (await new Blob(pieces).text()).replace(/\r?\n$/, "");
}
