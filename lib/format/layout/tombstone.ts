import { ID_LENGTH, isIdV0 } from "../../base/ids.ts";
import { NOTES_FOLDER, PURGED_FOLDER, RUNS_FOLDER } from "./names.ts";

/** The event in a tombstone. */
export const PURGE_EVENT = "dbx/purge";

/** Bytes of a tombstone at most. */
export const MAX_TOMBSTONE_BYTES = 64;

/** The name of the tombstone of an experiment or run. */
export function tombstoneName(id: string): string {
  return `${PURGED_FOLDER}/${id}.json`;
}

/** The id of which a file is the tombstone by its name; otherwise undefined. */
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
  return id !== undefined && bytes.length <= MAX_TOMBSTONE_BYTES &&
    new TextDecoder().decode(bytes) === tombstoneText(id);
}

/**
 * The purged id that a file belongs to by its name, of an experiment or a run; undefined if there is none. A folder in
 * an experiment's name that looks like a v0 id is not an experiment.
 */
export function purgedIn(name: string, isPurged: (id: string) => boolean): string | undefined {
  // Most names hold no purged id, and there may be a million of them.
  for (let from = 0, slash = name.indexOf("/"); slash >= 0; from = slash + 1, slash = name.indexOf("/", from)) {
    if (slash - from !== ID_LENGTH) continue;
    const id = name.slice(from, slash);
    if (isPurged(id) && isIdV0(id) && isOf(name, from, slash)) return id;
  }
  return undefined;
}

/** Whether a file belongs to the experiment or run of the folder that ends at a slash. */
function isOf(name: string, from: number, slash: number): boolean {
  const below = name.slice(slash + 1).split("/");
  const runs = from - RUNS_FOLDER.length - 1;
  if (name.endsWith(`${RUNS_FOLDER}/`, from) && (runs === 0 || name[runs - 1] === "/")) return true;
  if (below.length === 1 || OWN.includes(below[0])) return true;
  // Files of a v0 experiment may stand in folders of their own.
  return !NAMED.test(below.at(-1)!) || !below.slice(0, -1).some(isIdV0);
}

/** What stands in the folder of an experiment. */
const OWN: readonly string[] = [RUNS_FOLDER, NOTES_FOLDER];

/** Files that say by their names that the folder above is an experiment's or a run's. */
const NAMED = /^(meta\.json|files\.json|log\.jsonl|.+\.log\.jsonl)$/;
