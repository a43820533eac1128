import { DbxError, messageOf } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import { printable } from "../../base/printable.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { isForPeople } from "../../cli/print_options.ts";
import { requireProgram } from "../../fs/find_program.ts";
import { Redactor } from "../../redact/redactor.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { annotate, type Change, nameOf } from "./changes.ts";
import { editFolder, editorWords, type OPTIONS } from "./edit.ts";
import { changesBetween, type Editable, editableText, parseEdited } from "./edited_text.ts";
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
  const title = ["Experiment", experiment.id, experiment.kind].filter((part) => part !== "").join("  ");
  const changes = await edited(
    context,
    `${experiment.id}-${newId().slice(0, 6)}.txt`,
    editableText(title, before),
    (text) => {
      const after = parseEdited(text);
      const changes = after === undefined ? [] : changesBetween(before, after);
      changes.forEach(checkChange);
      return changes;
    },
  );
  const redactor = new Redactor({ redact: parsed.options.redact, env: context.env });
  const said = new Map(original(notes.tags, before.tags).concat(original(textsOf(notes.notes), before.notes)));
  for (const change of changes) {
    const { text } = change;
    // What was there is named by its own letters, which an editor was not shown where a terminal would obey them.
    const exact = text === undefined ? undefined : isRemoval(change) ? said.get(text) ?? text : redactor.text(text);
    await annotate(context, { experiment }, { ...change, text: exact } as Change);
  }
  if (isForPeople(parsed.options)) context.stdout.line(summary(experiment.id, changes));
  return recordResult({ exp: experiment.id, changes });
}

/** Has a text edited, and gives what is read of it. What was written and cannot be used is kept. */
async function edited<T>(context: Context, name: string, text: string, read: (text: string) => T): Promise<T> {
  const [word, ...args] = editorWords(context);
  const { path: program, code } = requireProgram(word, context);
  if (program === undefined || code !== undefined) {
    throw new DbxError(`Cannot start the editor "${word}": it was not found; set EDITOR to the one that you use`);
  }
  const path = `${editFolder(context)}/${name}`;
  Deno.writeTextFileSync(path, text, { createNew: true, mode: 0o600 });
  let isKept = false;
  try {
    await openEditor(context, word, [program, ...args, path]);
    return read(Deno.readTextFileSync(path));
  } catch (error) {
    isKept = Deno.readTextFileSync(path) !== text;
    throw new DbxError(`${messageOf(error)}; nothing was changed${isKept ? `, and your text is kept in ${path}` : ""}`);
  } finally {
    if (!isKept) Deno.removeSync(path);
  }
}

async function openEditor({ env }: Context, word: string, [program, ...args]: readonly string[]): Promise<void> {
  // Keys that interrupt are for the editor, which has the terminal.
  const ignore = () => {};
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, ignore);
  try {
    // Those of the loader would need the permission to start anything.
    const kept = Object.entries(env).filter(([name]) => !/^(LD|DYLD)_/.test(name));
    const child = new Deno.Command(program, {
      args,
      env: Object.fromEntries(kept),
      clearEnv: true,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
    const { success, code } = await child.status;
    if (!success) throw new DbxError(`Cannot use what the editor "${word}" wrote: it ended with ${code}`);
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, ignore);
  }
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
