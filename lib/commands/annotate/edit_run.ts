import { newId } from "../../base/ids.ts";
import { printable } from "../../base/printable.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { isForPeople } from "../../cli/print_options.ts";
import { Redactor } from "../../redact/redactor.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { annotate, type Change, nameOf } from "./changes.ts";
import { warnOfDeleted } from "./carry_out.ts";
import type { OPTIONS } from "./edit.ts";
import { changesBetween, type Editable, editableText, parseEdited } from "./edited_text.ts";
import { edited } from "./editor.ts";
import { checkNote } from "./note_run.ts";
import { checkName } from "./rename_run.ts";
import { checkTag } from "./tag_run.ts";

/** Edits what is said of an experiment. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const experiment = await (await context.repository()).findExperiment(parsed.positionals[0]);
  const notes = await experiment.notes();
  const before: Editable = {
    name: shown(nameOf(experiment, notes)),
    tags: notes.tags.map(shown),
    notes: notes.notes.filter(({ run }) => run === undefined).map(({ text }) => shownLines(text)),
  };
  const changes = await edited(
    context,
    `${experiment.id}-${newId().slice(0, 6)}.txt`,
    editableText(experiment.id, before),
    (text) => {
      const after = parseEdited(text);
      const changes = after === undefined ? [] : changesBetween(before, after);
      changes.forEach(checkChange);
      return changes;
    },
  );
  const redactor = new Redactor({ redact: parsed.options.redact, env: context.env });
  const said = new Map(original(notes.tags, before.tags).concat(original(textsOf(notes.notes), before.notes)));
  const edit = newId().slice(0, 8);
  for (const change of changes) {
    const { text } = change;
    // What was there is named by its own letters, which an editor was not shown where a terminal would obey them.
    const exact = text === undefined ? undefined : isRemoval(change) ? said.get(text) ?? text : redactor.text(text);
    await annotate(context, { experiment }, { ...change, text: exact } as Change, edit);
  }
  if (isForPeople(parsed.options)) {
    context.stdout.line(summary(experiment.id, changes));
    await warnOfDeleted(context, { experiment });
  }
  return recordResult({ exp: experiment.id, changes });
}

function checkChange(change: Change): void {
  if (change.text === undefined || isRemoval(change)) return;
  if (change.sort === "tag") checkTag(change.text);
  else if (change.sort === "note") checkNote(change.text);
  else checkName(change.text);
}

function isRemoval(change: Change): boolean {
  return change.sort !== "rename" && change.remove === true;
}

/** A text without what a terminal obeys, which an editor might pass on. */
function shown(text: string): string {
  return printable(text);
}

function shownLines(text: string): string {
  return text.split("\n").map(printable).join("\n").trim();
}

function textsOf(notes: readonly { readonly text: string; readonly run?: string }[]): string[] {
  return notes.filter(({ run }) => run === undefined).map(({ text }) => text);
}

/** What each text that was shown is by its own letters. */
function original(texts: readonly string[], as: readonly string[]): [string, string][] {
  return texts.map((text, at) => [as[at], text]);
}

function summary(id: string, changes: readonly Change[]): string {
  if (changes.length === 0) return `${id}: nothing was changed`;
  const words = changes.map((change) => {
    if (change.sort === "rename") return change.text === undefined ? "named as at first" : `named "${change.text}"`;
    const sign = change.remove ? "-" : "+";
    return change.sort === "tag" ? `${sign}${change.text}` : `${sign}note`;
  });
  return `${id}: ${words.join(", ")}`;
}
