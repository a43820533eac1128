import { noteTimes } from "../format/note_times.ts";
import type { LogReader, ReadEvent } from "./log_reader.ts";

/** What people said of an experiment, over all copies. */
export interface Notes {
  readonly tags: readonly string[];
  readonly notes: readonly { readonly ts: number; readonly text: string }[];
  /** Deleted, and not restored since. */
  readonly deleted: boolean;
  /** When, by the clock of whoever deleted it: milliseconds since the Unix epoch. */
  readonly deletedAt?: number;
}

/** Replays the notes of all copies in the order of their times. */
export async function readNotes(logs: readonly LogReader[]): Promise<Notes> {
  const events = await orderedNotes(logs);
  const tags = new Set<string>();
  const notes: { ts: number; text: string }[] = [];
  let deletedAt: number | undefined;
  for (const { event, ts, data } of events) {
    if (event === "dbx/tag" && typeof data.tag === "string") {
      if (data.remove === true) tags.delete(data.tag);
      else tags.add(data.tag);
    } else if (event === "dbx/note" && typeof data.text === "string") notes.push({ ts, text: data.text });
    else if (event === "dbx/delete") deletedAt = ts;
    else if (event === "dbx/restore") deletedAt = undefined;
  }
  return { tags: [...tags], notes, deleted: deletedAt !== undefined, deletedAt };
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
