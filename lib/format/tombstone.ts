import { isIdV0 } from "../base/ids.ts";

/** The folder of tombstones. */
export const PURGED_FOLDER = "purged";

/** The event in a tombstone. */
export const PURGE_EVENT = "dbx/purge";

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

/** Whether bytes are those of the tombstone that a name says. */
export function isTombstone(name: string, bytes: Uint8Array): boolean {
  const id = purgedId(name);
  return id !== undefined && new TextDecoder().decode(bytes) === tombstoneText(id);
}

/** The purged id that a name stands below: of an experiment or a run. */
export function purgedIn(name: string, isPurged: (id: string) => boolean): string | undefined {
  const parts = name.split("/");
  for (let at = 0; at < parts.length - 1; at++) if (isIdV0(parts[at]) && isPurged(parts[at])) return parts[at];
  return undefined;
}
