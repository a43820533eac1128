import { UsageError } from "../../base/errors.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { Redactor } from "../../redact/redactor.ts";
import { listResult, type Result } from "../../terminal/result.ts";
import { filterOf } from "../look/experiment_filter.ts";
import { carryOut } from "./carry_out.ts";
import { listOf } from "./subjects.ts";
import type { OPTIONS } from "./tag.ts";

/** Sets tags or takes them away, or lists them. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const { undo, remove } = parsed.options;
  if (undo) {
    if (remove) throw new UsageError("Cannot undo and remove at once: --undo takes the last change back");
    return await carryOut(context, parsed, { sort: "tag", change: undefined, ids: parsed.positionals });
  }
  const ids = parsed.positionals.slice(0, -1);
  const tag = parsed.positionals.at(-1);
  if (tag === undefined) {
    if (remove) throw new UsageError("Cannot remove a tag: name it last, as in dbx tag -d 3f9a baseline");
    return await listTags(context, parsed);
  }
  checkTag(tag);
  const text = new Redactor({ redact: [], env: context.env }).text(tag);
  return await carryOut(context, parsed, { sort: "tag", change: { sort: "tag", text, remove }, ids });
}

/** A tag is a word, or a few, in one line. */
export function checkTag(tag: string): void {
  // deno-lint-ignore no-control-regex
  if (tag.trim() === "" || /[\x00-\x1f\x7f]/.test(tag)) {
    throw new UsageError("Cannot use that as a tag: it must be a text in one line, such as baseline");
  }
}

async function listTags(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const { rows } = await listOf(context, { ...filterOf(parsed), cols: ["tags"] });
  const counts = new Map<string, number>();
  for (const [tags] of rows) {
    for (const tag of Array.isArray(tags) ? tags : []) counts.set(String(tag), (counts.get(String(tag)) ?? 0) + 1);
  }
  const items = [...counts].map(([tag, experiments]) => ({ tag, experiments })).sort((a, b) =>
    b.experiments - a.experiments || (a.tag < b.tag ? -1 : 1)
  );
  return listResult({
    items,
    fields: ["tag", "experiments"],
    columns: [
      { head: "tag", text: ({ tag }) => tag },
      { head: "experiments", text: ({ experiments }) => String(experiments) },
    ],
    empty: "no tags yet; dbx tag ID TAG sets one",
  });
}
