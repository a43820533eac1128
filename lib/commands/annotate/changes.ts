import { UsageError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Context } from "../../cli/command.ts";
import { addNote } from "../../cli/repository/repository.ts";
import type { Experiment } from "../../repo/experiments/experiment.ts";
import { type Notes, orderedNotes, replayNotes, runOf, type TimedNote } from "../../repo/logs/notes.ts";

/** What something is said of: an experiment, or one of its runs. */
export interface Subject {
  readonly experiment: Experiment;
  /** The id of the run; undefined: the experiment itself. */
  readonly run?: string;
}

/** Something to say. */
export type Change =
  | { readonly sort: "tag" | "note"; readonly text: string; readonly remove?: boolean }
  /** Without a text: the name that it was made with. */
  | { readonly sort: "rename"; readonly text?: string };

/** The three sorts of what is said, each of which is undone by itself. */
export type Sort = Change["sort"];

/** How the event of a change is called, and the member of its data that has the text. */
const EVENTS = {
  tag: { event: "dbx/tag", member: "tag" },
  note: { event: "dbx/note", member: "text" },
  rename: { event: "dbx/rename", member: "name" },
} as const;

/**
 * Says something, in a folder or through a server. Returns whether it changes anything: a tag that is there is not set again.
 *
 * @param edit Names the changes that an editor made at once; those of one sort are taken back at once.
 * @throws {UsageError} In a repository of format v0, or for the name of a run.
 */
export async function annotate(context: Context, subject: Subject, change: Change, edit?: string): Promise<boolean> {
  checkWritable(subject, change.sort);
  const notes = await subject.experiment.notes();
  if (isSaid(notes, subject, change)) return false;
  await addNote(context, subject.experiment, EVENTS[change.sort].event, {
    ...dataOf(subject, change),
    ...edit !== undefined && change.sort !== "rename" && { edit },
  });
  return true;
}

/**
 * Takes back the last change of a sort that was not taken back yet, with all of that sort that an editor changed then. Returns what was done
 * for that; nothing if there is nothing to undo. `isTrial`: nothing is written.
 */
export async function undo(
  context: Context,
  subject: Subject,
  sort: Sort,
  { isTrial = false }: { readonly isTrial?: boolean } = {},
): Promise<Change[]> {
  checkWritable(subject, sort);
  const said = subject.experiment.mayHaveNotes ? await orderedNotes(await subject.experiment.noteLogs()) : [];
  const inverses = inversesOf(said, subject, sort);
  for (const inverse of isTrial ? [] : inverses) {
    await addNote(context, subject.experiment, EVENTS[sort].event, { ...dataOf(subject, inverse), undo: true });
  }
  return inverses;
}

/** Whether it is so already. */
export function isSaid(notes: Notes, { experiment, run }: Subject, change: Change): boolean {
  switch (change.sort) {
    case "tag": {
      const tags = run === undefined ? notes.tags : notes.runTags.get(run) ?? [];
      return tags.includes(change.text) !== (change.remove === true);
    }
    case "note": // The same may be said twice.
      return change.remove === true && !notes.notes.some((note) => note.text === change.text && note.run === run);
    case "rename":
      return nameOf(experiment, notes) === (change.text ?? experiment.name);
  }
}

/** What an experiment is called now. */
export function nameOf(experiment: Experiment, notes: Notes): string {
  return notes.name ?? experiment.name;
}

function inversesOf(
  said: readonly TimedNote[],
  { run = null as string | null }: { readonly run?: string | null },
  sort: Sort,
): Change[] {
  const { event } = EVENTS[sort];
  // Those that count, each on top of what was before it.
  const stack: TimedNote[] = [];
  for (const one of said) {
    if (one.event !== event || runOf(one.data) !== run) continue;
    if (one.data.undo === true) stack.pop();
    else stack.push(one);
  }
  const inverses: Change[] = [];
  for (;;) {
    const last = stack.pop();
    const inverse = last && inverseOf(last, stack, sort);
    if (inverse === undefined) return inverses;
    inverses.push(inverse);
    const { edit } = last!.data;
    if (typeof edit !== "string" || stack.at(-1)?.data.edit !== edit) return inverses;
  }
}

/** What takes back a change that stands on top of others. */
function inverseOf({ data }: TimedNote, below: readonly TimedNote[], sort: Sort): Change | undefined {
  if (sort === "rename") return { sort, text: replayNotes(below).name };
  const text = data[EVENTS[sort].member];
  return typeof text === "string" ? { sort, text, ...data.remove !== true && { remove: true } } : undefined;
}

function dataOf({ run }: Subject, change: Change): JsonObject {
  const { member } = EVENTS[change.sort];
  return {
    ...change.text !== undefined && { [member]: change.text },
    ...change.sort !== "rename" && change.remove === true && { remove: true },
    ...run !== undefined && { run },
  };
}

function checkWritable({ experiment, run }: Subject, sort: Sort): void {
  if (experiment.version === 0) {
    throw new UsageError(
      `Cannot ${sort} experiment "${experiment.id}": the repository is in format v0, which dbx does not write; dbx init converts it to v1`,
    );
  }
  if (sort === "rename" && run !== undefined) {
    throw new UsageError(
      `Cannot rename the run "${run}": only experiments have names; its experiment is ${experiment.id}`,
    );
  }
}
