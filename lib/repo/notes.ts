import type { LogReader } from "./log_reader.ts";

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
  const events = [];
  // The sort below keeps the order of equals: by the copy's id.
  for (const log of logs.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for await (const batch of log.batches()) events.push(...batch);
  }
  events.sort((a, b) => (a.ts ?? 0) - (b.ts ?? 0));
  const tags = new Set<string>();
  const notes: { ts: number; text: string }[] = [];
  let deletedAt: number | undefined;
  for (const { event, ts = 0, data } of events) {
    if (event === "dbx/tag" && typeof data.tag === "string") {
      if (data.remove === true) tags.delete(data.tag);
      else tags.add(data.tag);
    } else if (event === "dbx/note" && typeof data.text === "string") notes.push({ ts, text: data.text });
    else if (event === "dbx/delete") deletedAt = ts;
    else if (event === "dbx/restore") deletedAt = undefined;
  }
  return { tags: [...tags], notes, deleted: deletedAt !== undefined, deletedAt };
}
