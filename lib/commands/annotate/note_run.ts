import { UsageError } from "../../base/errors.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { readText } from "../../cli/read_text.ts";
import { Redactor } from "../../redact/redactor.ts";
import type { Result } from "../../terminal/result.ts";
import { carryOut } from "./carry_out.ts";
import type { OPTIONS } from "./note.ts";

/** Bytes of a note at most. */
export const MAX_NOTE_BYTES = 128 * 1024;

/** Writes notes. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  if (parsed.options.undo) {
    return await carryOut(context, parsed, { sort: "note", change: undefined, ids: parsed.positionals });
  }
  const ids = parsed.positionals.slice(0, -1);
  const word = parsed.positionals.at(-1);
  if (word === undefined) {
    throw new UsageError(
      'Cannot add a note: write its text last, as in dbx note 3f9a "too little warmup"; dbx edit 3f9a opens an editor',
    );
  }
  const given = word === "-" ? await readText(context.stdin.readable, MAX_NOTE_BYTES) : word;
  checkNote(given);
  const text = new Redactor({ redact: parsed.options.redact, env: context.env }).text(given.trimEnd());
  return await carryOut(context, parsed, { sort: "note", change: { sort: "note", text }, ids });
}

/** Refuses what cannot be a note: nothing, or a whole document. `text`: undefined if it is too long to read. */
export function checkNote(text: string | undefined): asserts text is string {
  if (text === undefined || new TextEncoder().encode(text).length > MAX_NOTE_BYTES) {
    throw new UsageError("Cannot add the note: it is longer than 128 KiB; keep it as a file of a run");
  }
  if (text.trim() === "") throw new UsageError("Cannot add a note: its text is empty");
}
