import { LOCAL_FOLDER } from "../../../format/layout/names.ts";
import { isIdV0 } from "../../../base/ids.ts";
import { isObject } from "../../../base/json.ts";
import { classifyPath } from "../../../format/layout/file_kind.ts";
import { replaceFile } from "../../../fs/files/atomic_file.ts";
import { isAbsent } from "../../../fs/files/file_operations.ts";
import { LinkError, type RootFolder } from "../../../fs/folders/root_folder.ts";

/** Where a copy keeps what purges that go on have still to remove. */
export const PURGING = `${LOCAL_FOLDER}/purging`;

/** What a purge has still to remove, so that another process can finish it. */
export interface Journal {
  readonly id: string;
  /** The names of the objects that went along, unless something else refers to them. */
  readonly objects: readonly string[];
  /** Ids of the runs that went. */
  readonly runs: readonly string[];
  /** What went held lines that could not be read: unreferenced objects may be theirs. */
  readonly isTorn: boolean;
  /** Something is in the way that a person must fix: only who is asked to purge or collect tries again. */
  readonly isStuck: boolean;
}

/** The ids of purges that go on, or were cut off. Costs one look where there are none. */
export function purgingIds(root: RootFolder): string[] {
  try {
    if (root.lstat(PURGING) === undefined) return [];
    return root.list(PURGING).flatMap(({ name, isFile }) => {
      const id = name.slice(0, -".json".length);
      return isFile && name.endsWith(".json") && isIdV0(id) ? [id] : [];
    });
  } catch (error) {
    if (isAbsent(error) || error instanceof LinkError) return [];
    throw error;
  }
}

/** What the journal of an id says. One that is damaged says nothing of what went. */
export function readJournal(root: RootFolder, id: string): Journal {
  const { objects, runs, torn, stuck } = readJson(root, `${PURGING}/${id}.json`);
  return {
    id,
    objects: texts(objects).filter((name) => classifyPath(name) === "object"),
    runs: texts(runs).filter(isIdV0),
    isTorn: torn === true,
    isStuck: stuck === true,
  };
}

/** The objects that purges which go on are about to remove, unless something else refers to them. */
export function objectsBeingPurged(root: RootFolder): Set<string> {
  const journals = purgingIds(root).map((id) => readJournal(root, id));
  return new Set(journals.flatMap(({ objects, isStuck }) => (isStuck ? [] : objects)));
}

/** Writes a journal durably, in the place of an earlier one. */
export function writeJournal(root: RootFolder, { id, objects, runs, isTorn, isStuck }: Journal): void {
  root.makeFolder(PURGING);
  const json = { id, objects, runs, torn: isTorn, stuck: isStuck };
  replaceFile(root, `${PURGING}/${id}.json`, JSON.stringify(json) + "\n");
}

/** Says that a purge is done. */
export function removeJournal(root: RootFolder, id: string): void {
  root.remove(`${PURGING}/${id}.json`);
  root.syncNames(PURGING);
}

function readJson(root: RootFolder, name: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(root.readText(name));
    if (isObject(json)) return json;
  } catch (error) {
    if (isAbsent(error)) return {};
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { torn: true };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
