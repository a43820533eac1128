import { DbxError, messageOf, NotFoundError, UsageError } from "../../base/errors.ts";
import { shellText } from "../../base/shell_text.ts";
import { ask } from "../../cli/ask.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { isForPeople } from "../../cli/print_options.ts";
import { listResult, type Result } from "../../terminal/result.ts";
import { filterOf } from "../look/experiment_filter.ts";
import { annotate, type Change, isSaid, type Sort, type Subject, undo } from "./changes.ts";
import type { ANNOTATE_OPTIONS } from "./options.ts";
import { subjectOf, subjectsOf } from "./subjects.ts";

/** What is to be said, by whom it is asked for. */
interface Order {
  readonly sort: Sort;
  /** What the words behind the ids mean; undefined: the last change is taken back. */
  readonly change: Change | undefined;
  /** The words that name experiments and runs. */
  readonly ids: readonly string[];
}

/** What came of one experiment or run. */
interface Reported {
  readonly exp: string;
  readonly run: string | null;
  readonly change: "tag" | "untag" | "note" | "unnote" | "rename" | null;
  readonly text: string | null;
  readonly changed: boolean;
}

/** So many are reported one by one; of more, people read the number. */
const FEW = 10;

/** Says something of all that a command line means, or takes it back. */
export async function carryOut(
  context: Context,
  parsed: Parsed<typeof ANNOTATE_OPTIONS>,
  { sort, change, ids }: Order,
): Promise<Result> {
  const { "dry-run": isTrial, yes } = parsed.options;
  const filter = filterOf(parsed);
  const subjects = await subjectsOf(context, ids, filter).catch(async (error) => {
    throw error instanceof NotFoundError ? await meant(context, error, { sort, change, ids }) : error;
  });
  const forPeople = isForPeople(parsed.options);
  if (ids.length === 0 && subjects.length > 1 && !yes && !isTrial) await confirmChange(context, subjects, sort, change);
  const reported: Reported[] = [];
  let failed = 0;
  for (const subject of subjects) {
    context.signal.throwIfAborted();
    try {
      const done = await carryOutOne(context, subject, { sort, change, isTrial });
      reported.push(...done);
      if (forPeople && subjects.length <= FEW) {
        context.stdout.lines(done.map((one) => sentence(one, { isTrial, isUndo: change === undefined })));
      }
      // A filter finds none that are deleted.
      if (forPeople && ids.length > 0) await warnOfDeleted(context, subject);
    } catch (error) {
      if (error instanceof UsageError || subjects.length === 1) throw error;
      failed++;
      context.stderr.line(`dbx: ${subject.experiment.id}: ${messageOf(error)}`);
    }
  }
  if (forPeople && subjects.length > FEW) context.stdout.line(summary(reported, isTrial));
  if (subjects.length === 0) context.stderr.line("dbx: no experiment matches");
  return listResult({
    items: reported,
    fields: ["exp", "run", "change", "text", "changed"],
    end: () => ({ exitCode: failed > 0 ? 1 : 0 }),
  });
}

/** What is said of a deleted experiment does not show in any list. */
export async function warnOfDeleted(context: Context, { experiment }: Pick<Subject, "experiment">): Promise<void> {
  if (!(await experiment.notes()).deleted) return;
  context.stderr.line(
    `dbx: ${experiment.id} is deleted, and hidden in lists; dbx restore ${experiment.id} shows it again`,
  );
}

/** An error about a word that names nothing, with what the command line seems to mean. */
async function meant(context: Context, error: Error, { sort, change, ids }: Order): Promise<Error> {
  if (await isSwapped(context, ids, change)) {
    const what = sort === "rename" ? "new name" : sort;
    return new UsageError(`${messageOf(error)}; the ${what} comes last: dbx ${sort} ${change?.text} ${ids[0]}`);
  }
  const at = sort === "note" ? await firstUnknown(context, ids) : 0;
  if (at === 0) return error;
  const text = [...ids.slice(at), change?.text ?? ""].join(" ");
  return new UsageError(
    `Cannot find "${ids[at]}"; if it belongs to the note, quote its text: ${
      shellText(["dbx", sort, ...ids.slice(0, at), text])
    }`,
  );
}

/** The position of the first word that names nothing. */
async function firstUnknown(context: Context, ids: readonly string[]): Promise<number> {
  const repository = await context.repository();
  for (const [at, id] of ids.entries()) {
    try {
      await subjectOf(repository, id);
    } catch {
      return at;
    }
  }
  return 0;
}

/** Whether the ids seem to stand behind what is to be said. */
async function isSwapped(context: Context, ids: readonly string[], change: Change | undefined): Promise<boolean> {
  // What is shorter is the beginning of some id by chance.
  if (ids.length !== 1 || !/^[0-9a-z]{4,}(?:\/[0-9a-z]+)?$/.test(change?.text ?? "")) return false;
  try {
    await subjectOf(await context.repository(), change!.text!);
    return true;
  } catch {
    return false;
  }
}

async function carryOutOne(
  context: Context,
  subject: Subject,
  { sort, change, isTrial }: { readonly sort: Sort; readonly change: Change | undefined; readonly isTrial: boolean },
): Promise<Reported[]> {
  const { experiment: { id }, run = null } = subject;
  if (change === undefined) {
    const undone = await undo(context, subject, sort, { isTrial });
    if (undone.length === 0) return [{ exp: id, run, change: null, text: null, changed: false }];
    return undone.map((one) => ({ exp: id, run, ...said(one), changed: true }));
  }
  const changed = isTrial
    ? !isSaid(await subject.experiment.notes(), subject, change)
    : await annotate(context, subject, change);
  return [{ exp: id, run, ...said(change), changed }];
}

function said(change: Change): Pick<Reported, "change" | "text"> {
  const { sort, text = null } = change;
  const removes = sort !== "rename" && change.remove === true;
  return { change: removes ? `un${sort}` as const : sort, text };
}

function sentence(
  { exp, run, change, text, changed }: Reported,
  { isTrial, isUndo }: { readonly isTrial: boolean; readonly isUndo: boolean },
): string {
  const what = run ?? exp;
  const would = isTrial ? "would be " : "";
  switch (change) {
    case null:
      return `${what}: there is nothing to undo`;
    case "tag":
      return changed ? `${what} ${would}tagged ${quoted(text)}` : `${what} has the tag ${quoted(text)} already`;
    case "untag":
      return changed
        ? `${what}: the tag ${quoted(text)} ${would || "was "}removed`
        : `${what} does not have the tag ${quoted(text)}`;
    case "note":
      return isUndo
        ? `${what}: the note ${quoted(text)} ${isTrial ? "would be" : "is"} there again`
        : `${what}: a note ${would || "was "}added`;
    case "unnote":
      return `${what}: the note ${quoted(text)} ${would || "was "}removed`;
    case "rename":
      if (text === "") return `${what} ${isTrial ? "would have" : "has"} no name ${isTrial ? "then" : "now"}`;
      if (text === null) return `${what} ${would || "is "}named as at first`;
      return changed ? `${what} ${would || "is "}named ${quoted(text)}` : `${what} is named ${quoted(text)} already`;
  }
}

function quoted(text: string | null): string {
  const [first = "", ...more] = (text ?? "").split("\n");
  return `"${first}${more.length > 0 ? "…" : ""}"`;
}

function summary(reported: readonly Reported[], isTrial: boolean): string {
  // An undo may be several changes of one subject.
  const subjects = (some: readonly Reported[]) => new Set(some.map(({ exp, run }) => run ?? exp)).size;
  const changed = subjects(reported.filter((one) => one.changed));
  const same = subjects(reported) - changed;
  const words = isTrial ? "would be changed" : "changed";
  return `${changed} ${words}${same > 0 ? `, ${same} already as they should be` : ""}`;
}

/** Asks on a terminal. Elsewhere nobody is there to answer, and what is said can be taken back. */
async function confirmChange(
  context: Context,
  subjects: readonly Subject[],
  sort: Sort,
  change: Change | undefined,
): Promise<void> {
  if (!context.stdin.isTerminal || !context.stderr.isTerminal) return;
  const shown = subjects.slice(0, FEW).map(({ experiment: { id, kind, name } }) =>
    `  ${[id, kind, name].filter((part) => part !== "").join("  ")}`
  );
  if (subjects.length > FEW) shown.push(`  and ${subjects.length - FEW} more`);
  context.stderr.lines(shown);
  const answer = await ask(context, `${question(sort, change)} these ${subjects.length} experiments? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new DbxError("nothing was changed");
}

function question(sort: Sort, change: Change | undefined): string {
  if (change === undefined) return `Undo the last ${sort} of`;
  if (change.sort === "rename") return `Name ${quoted(change.text ?? "")}:`;
  if (change.sort === "note") return "Add the note to";
  return change.remove ? `Remove the tag ${quoted(change.text)} from` : `Tag ${quoted(change.text)}:`;
}
