import { noteTimes } from "../../format/events/note_times.ts";
import type { LogReader } from "./log_reader.ts";
import type { ReadEvent } from "./event_source.ts";

/** What people said of an experiment, over all copies. */
export interface Notes {
  /** Of the experiment itself. */
  readonly tags: readonly string[];
  /** Of its runs, by their ids. */
  readonly runTags: ReadonlyMap<string, readonly string[]>;
  /** `run`: the run that one is about; undefined: the experiment. */
  readonly notes: readonly { readonly ts: number; readonly text: string; readonly run?: string }[];
  /** The name that it was given since; undefined: that of its definition. */
  readonly name?: string;
  /** Deleted, and not restored since. */
  readonly deleted: boolean;
  /** When, by the clock of the machine that deleted it: milliseconds since the Unix epoch. */
  readonly deletedAt?: number;
}

/** What is said of an experiment that has no notes. */
export const NO_NOTES: Notes = { tags: [], runTags: new Map(), notes: [], deleted: false };

/** What the notes of all copies say. */
export async function readNotes(logs: readonly LogReader[]): Promise<Notes> {
  return replayNotes(await orderedNotes(logs));
}

/** What notes say that are in order. */
export function replayNotes(events: readonly TimedNote[]): Notes {
  const tags = new Map<string | undefined, Set<string>>([[undefined, new Set()]]);
  let notes: { ts: number; text: string; run?: string }[] = [];
  let name: string | undefined;
  let deletedAt: number | undefined;
  for (const { event, ts, data } of events) {
    if (event === "dbx/tag" && typeof data.tag === "string") {
      const run = runOf(data) ?? undefined;
      const own = tags.get(run) ?? new Set();
      tags.set(run, own);
      if (data.remove === true) own.delete(data.tag);
      else own.add(data.tag);
    } else if (event === "dbx/note" && typeof data.text === "string") {
      const run = runOf(data) ?? undefined;
      if (data.remove === true) notes = notes.filter((one) => one.text !== data.text || one.run !== run);
      else notes.push({ ts, text: data.text, ...run !== undefined && { run } });
    } else if (event === "dbx/rename" && (data.name === undefined || typeof data.name === "string")) {
      name = data.name;
    }
    if (event === "dbx/delete") deletedAt = ts;
    else if (event === "dbx/restore") deletedAt = undefined;
  }
  const runTags = new Map<string, string[]>();
  for (const [run, own] of tags) if (run !== undefined && own.size > 0) runTags.set(run, [...own]);
  return { tags: [...tags.get(undefined)!], runTags, notes, name, deleted: deletedAt !== undefined, deletedAt };
}

/** The run that a note is about; null: the experiment. */
export function runOf({ run }: ReadEvent["data"]): string | null {
  return typeof run === "string" ? run : null;
}

/** A note with the time that orders it, which may be another one than its line says. */
export interface TimedNote {
  readonly event: string;
  readonly ts: number;
  readonly data: ReadEvent["data"];
}

/** The notes of all copies, in order. */
export async function orderedNotes(logs: readonly LogReader[]): Promise<TimedNote[]> {
  const lines: ReadEvent[][] = [];
  // The sort below keeps the order of equals: by the copy's id.
  for (const log of logs.toSorted((a, b) => (a.name < b.name ? -1 : 1))) lines.push(await linesOf(log));
  const times = noteTimes(lines.map((log) => log.map(({ ts }) => ts)));
  const notes = lines.flatMap((log, index) =>
    log.map(({ event, data }, at) => ({ event, data, ts: times[index][at] }))
  );
  return notes.sort((a, b) => a.ts - b.ts);
}

async function linesOf(log: LogReader): Promise<ReadEvent[]> {
  const events: ReadEvent[] = [];
  for await (const batch of log.batches()) events.push(...batch);
  return events;
}
