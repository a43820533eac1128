import { isId, newId } from "../base/ids.ts";
import { encodeEvent } from "../format/event.ts";
import { notesFile } from "../format/names.ts";
import type { LocalStore } from "../store/local.ts";
import { parentOf } from "../store/names.ts";
import { writeAllSync } from "../store/files.ts";
import { wholeEnd } from "../store/whole_end.ts";

const REPLICA_FILE = ".dbx/replica";

/** The id of this copy of a repository; made on first use. */
export async function replicaId(store: LocalStore): Promise<string> {
  for (let tries = 0; tries < 2; tries++) {
    if (await store.stat(REPLICA_FILE) !== undefined) {
      const id = new TextDecoder().decode(await store.read(REPLICA_FILE)).trim();
      if (isId(id)) return id;
      await store.remove(REPLICA_FILE); // Damaged: a new id is as good, since notes of all ids are read.
    }
    try {
      await store.create(REPLICA_FILE, new TextEncoder().encode(newId() + "\n"));
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
  return new TextDecoder().decode(await store.read(REPLICA_FILE)).trim();
}

/**
 * Appends an event to this copy's notes of an experiment (its folder). Processes that do so at the same time wait for
 * one another at a lock of the file, so that the log has one writer at any moment.
 */
export async function appendNote(store: LocalStore, experiment: string, event: string, data: unknown): Promise<void> {
  const name = notesFile(experiment, await replicaId(store));
  store.folder.makeFolder(parentOf(name));
  using file = store.folder.open(name, { read: true, append: true, create: true });
  await file.lock(true);
  const size = file.statSync().size;
  const whole = wholeEnd(file, size);
  if (whole < size) file.truncateSync(whole);
  writeAllSync(file, new TextEncoder().encode(encodeEvent(event, Date.now(), data)));
  file.syncSync();
}
