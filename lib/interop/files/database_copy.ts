import { DamageError } from "../../base/errors.ts";
import { pause } from "../../base/time.ts";

/** How often a copy is begun again because the database changed under it. */
const MAX_TRIES = 20;

/** What SQLite keeps beside a database: changes that the database file may not have yet. */
const COMPANIONS = ["-wal", "-journal"];

/**
 * Copies a database of SQLite, with the log that belongs to it, into a folder, and returns the path of the copy. The copy can be
 * read without a lock, which would hold up the tool that writes the original; opening the original would also leave files beside
 * it.
 *
 * A log may grow while it is copied: SQLite takes of it what was committed. Where the database file itself changes
 * (a checkpoint), the copy is begun again.
 *
 * @throws {DamageError} Where the database changes all the time.
 */
export async function copyDatabase(path: string, folder: string, signal?: AbortSignal): Promise<string> {
  const copy = `${folder}/database`;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    signal?.throwIfAborted();
    const before = await stateOf(path);
    await Deno.copyFile(path, copy);
    for (const companion of COMPANIONS) await copyOrRemove(path + companion, copy + companion);
    if (await stateOf(path) === before) return copy;
    await pause(50 * (tries + 1), signal);
  }
  throw new DamageError(
    `Cannot read "${path}": it changes all the time; try again when the tool that writes it is idle`,
  );
}

/** What changes when a database does, also when its tool has only added to the log. */
export async function databaseState(path: string): Promise<string> {
  const log = await infoOf(path + "-wal");
  return `${await stateOf(path)} | ${log?.size} ${log?.mtime?.getTime()}`;
}

async function copyOrRemove(from: string, to: string): Promise<void> {
  try {
    await Deno.copyFile(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await Deno.remove(to).catch(() => {});
  }
}

/** What changes when the database file does, or a journal comes or goes. */
async function stateOf(path: string): Promise<string> {
  const parts = [await infoOf(path), await infoOf(path + "-journal")].map((info) =>
    info === undefined ? "-" : `${info.size} ${info.mtime?.getTime()} ${info.ctime?.getTime()}`
  );
  const log = await infoOf(path + "-wal");
  return [...parts, log === undefined ? "-" : log.ino].join(" | ");
}

async function infoOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
