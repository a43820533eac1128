import { parentOf } from "../base/paths.ts";
import { encodeEvent } from "../format/events/encode_event.ts";
import { LOG_SUFFIX, logNameOf, notesFile, notesFolder } from "../format/layout/names.ts";
import { nextNoteTime } from "../format/events/note_times.ts";
import { LogReader } from "../repo/logs/log_reader.ts";
import { replicaId } from "./replica.ts";
import type { LocalStore } from "../store/local/local_store.ts";
import { isUsable } from "../store/names.ts";
import { growLog } from "../store/local/logs/grow_log.ts";

/**
 * Appends an event to this copy's notes of an experiment (its folder). Processes that do so at the same time wait for
 * one another at a lock of the file, so that the log has one writer at any moment. The time of the event is greater than
 * those of all notes of the experiment that are here: the last word is the last word, whatever the clocks say.
 *
 * @param now Milliseconds since the Unix epoch; default: this machine's clock, read when the lock is held.
 */
export async function appendNote(
  store: LocalStore,
  experiment: string,
  event: string,
  data: unknown,
  now?: number,
): Promise<void> {
  const name = notesFile(experiment, await replicaId(store));
  store.folder.makeFolder(parentOf(name));
  using file = store.folder.open(name, { read: true, append: true, create: true });
  await file.lock(true);
  const isNew = file.statSync().size === 0;
  const ts = nextNoteTime(now ?? Date.now(), await timesIn(store, notesFolder(experiment)));
  growLog(file, { name, bytes: new TextEncoder().encode(encodeEvent(event, ts, data)), root: store.folder });
  file.syncSync();
  if (isNew) store.folder.syncNames(parentOf(name));
}

/** The times in all logs of notes in a folder. */
async function timesIn(store: LocalStore, folder: string): Promise<(number | undefined)[][]> {
  const logs: (number | undefined)[][] = [];
  for await (const { kind, name } of store.list(folder)) {
    const log = name.endsWith(LOG_SUFFIX) ? logNameOf(name) : undefined;
    // A name that dbx cannot use is left out, as it is where notes are read.
    if (kind !== "file" || log === undefined || !isUsable(name)) continue;
    // Bytes that are not valid text are read as U+FFFD, and then no file has that name.
    if (name.includes("\ufffd") && await store.stat(`${folder}/${name}`) === undefined) continue;
    const times: (number | undefined)[] = [];
    for await (const batch of new LogReader(store, folder, log).batches()) for (const { ts } of batch) times.push(ts);
    logs.push(times);
  }
  return logs;
}
