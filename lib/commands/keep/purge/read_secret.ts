import { UsageError } from "../../../base/errors.ts";
import { ask } from "../../../cli/ask.ts";
import type { Context } from "../../../cli/command.ts";
import { readText } from "../../../cli/read_text.ts";

/** Bytes of a secret at most: a key of many lines. */
const MAX_SECRET_BYTES = 64 * 1024;

/** Reads a secret from the terminal, where it is not shown, or all of stdin. */
export async function readSecret(context: Context): Promise<string> {
  if (context.stdin.isTerminal) return await ask(context, "Secret: ", { hidden: true });
  const text = await readText(context.stdin.readable, MAX_SECRET_BYTES);
  if (text !== undefined) return text.replace(/\r?\n$/, "");
  throw new UsageError(`Cannot search for a secret of more than ${MAX_SECRET_BYTES} bytes`);
}
