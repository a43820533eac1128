import { UsageError } from "../../base/errors.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { rangeIn } from "./byte_range.ts";
import type { OPTIONS } from "./cat.ts";
import { chosenFiles } from "./chosen_files.ts";
import { bytesOf, storedBytes } from "./stored_bytes.ts";

/** Bytes of text that a terminal gets at once. */
const LINES = 64 * 1024;

/** Prints files. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<number> {
  const repository = await context.repository();
  const chosen = await chosenFiles(context, parsed.positionals, parsed.options.version, true);
  const stored = await Promise.all(chosen.map((file) => storedBytes(repository, file)));
  const { stdout, signal } = context;
  for (const bytes of stored) {
    const pieces = bytesOf(bytes, rangeIn(parsed.options.bytes, bytes.size), { signal });
    if (stdout.isTerminal) {
      for await (const text of lines(pieces, bytes.file.file)) stdout.records(text);
    } else for await (const piece of pieces) stdout.passBytes(piece);
  }
  return 0;
}

/** The lines of a text, for a terminal. */
async function* lines(pieces: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  const refuse = () => {
    throw new UsageError(`Cannot print "${file}" on a terminal: it is not text; use dbx get, or a pipe`);
  };
  const decoded = (piece?: Uint8Array): string => {
    try {
      const text = decoder.decode(piece, { stream: piece !== undefined });
      return text.includes("\0") ? refuse() : text;
    } catch {
      return refuse();
    }
  };
  for await (const piece of pieces) {
    const all = (rest + decoded(piece)).split("\n");
    rest = all.pop()!;
    yield all.map((line) => line + "\n");
    if (rest.length > LINES) {
      yield [rest + "\n"];
      rest = "";
    }
  }
  rest += decoded();
  if (rest !== "") yield [rest + "\n"];
}
