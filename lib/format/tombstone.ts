import { ID_LENGTH, isIdV0 } from "../base/ids.ts";

/** The folder of tombstones. */
export const PURGED_FOLDER = "purged";

/** The event in a tombstone. */
export const PURGE_EVENT = "dbx/purge";

/** Bytes of a tombstone at most. */
export const LONGEST_TOMBSTONE = 64;

/** The name of the tombstone of an experiment or run. */
export function tombstoneName(id: string): string {
  return `${PURGED_FOLDER}/${id}.json`;
}

/** The id of which a file is the tombstone by its name; undefined where it is none. */
export function purgedId(name: string): string | undefined {
  if (!name.startsWith(`${PURGED_FOLDER}/`) || !name.endsWith(".json")) return undefined;
  const id = name.slice(PURGED_FOLDER.length + 1, -5);
  return isIdV0(id) ? id : undefined;
}

/** All that a tombstone holds. It follows from the id, so that two copies never differ, and nothing else can travel in it. */
export function tombstoneText(id: string): string {
  return `{"event":"${PURGE_EVENT}","id":"${id}"}\n`;
}

/** The same as bytes. */
export function tombstoneBytes(id: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(tombstoneText(id));
}

/** Whether bytes are those of the tombstone that a name says. */
export function isTombstone(name: string, bytes: Uint8Array): boolean {
  const id = purgedId(name);
  return id !== undefined && bytes.length <= LONGEST_TOMBSTONE &&
    new TextDecoder().decode(bytes) === tombstoneText(id);
}

/**
 * The purged id that a file belongs to by its name, of an experiment or a run; undefined where there is none. A folder of an
 * experiment's name that looks like an id of version 0 is no experiment.
 */
export function purgedIn(name: string, isPurged: (id: string) => boolean): string | undefined {
  const parts = name.split("/");
  const last = parts.length - 1;
  for (let at = 0; at < last; at++) {
    const id = parts[at];
    if (id.length !== ID_LENGTH || !isIdV0(id) || !isPurged(id)) continue;
    if (parts[at - 1] === "runs" || at + 1 === last || OWN.includes(parts[at + 1])) return id;
    // Files of an experiment of version 0 may stand in folders of their own.
    if (!NAMED.test(parts[last]) || !parts.slice(at + 1, last).some(isIdV0)) return id;
  }
  return undefined;
}

/** What stands in the folder of an experiment. */
const OWN = ["runs", "notes"];

/** Files that say by their names that the folder above is an experiment's or a run's. */
const NAMED = /^(meta\.json|files\.json|log\.jsonl|.+\.log\.jsonl)$/;
