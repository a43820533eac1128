import { parseExperiment, parseRun } from "../../format/definitions/definition.ts";
import { isIdV0 } from "../../base/ids.ts";
import { V0_MANIFEST_FILE } from "../../format/layout/file_kind.ts";
import {
  definitionFile,
  logNameOf,
  META_FILE,
  NOTES_FOLDER,
  RUNS_FOLDER,
  runsFolder,
} from "../../format/layout/names.ts";
import { FolderChangedError, type UnchangedFolders } from "../../fs/folders/unchanged_folders.ts";
import { MAX_NAME } from "../../format/layout/file_kind.ts";
import { isPathTooDeep, isUsable } from "../../store/names.ts";
import type { Brief, RunBrief } from "./listing_cache.ts";
import type { FolderState } from "./folder_state.ts";
import type { RunStatus } from "../logs/run_status.ts";

/** A log of a run, as it was found. */
export interface WholeLog {
  /** Relative to the repository. */
  readonly path: string;
  readonly name: string;
  readonly info: Deno.FileInfo;
}

/** A run with the names of its logs. */
export interface WholeRun {
  readonly name: string;
  readonly brief: RunBrief;
  /** Of its definition. */
  readonly text: string;
  readonly state: FolderState;
  /** In order. */
  readonly names: readonly string[];
  /** How it ended, where its life log was read and says so. */
  status: RunStatus | undefined;
  /** The bytes of its logs, where it turns out to be closed. */
  closed: number | undefined;
  readonly logs: readonly WholeLog[];
}

/** All that listings find out of an experiment. */
export interface WholeExperiment {
  readonly brief: Brief;
  readonly version: 1;
  readonly mayHaveNotes: boolean;
  /** Of its definition. */
  readonly text: string;
  readonly state: FolderState;
  readonly runsState: FolderState;
  /** Oldest first. */
  readonly runRecords: readonly WholeRun[];
}

/** A longer definition is read in another way. */
const MAX_DEFINITION_BYTES = 64 * 1024;

/**
 * Reads the definitions of experiments and of their runs, and finds their logs: of those of which nothing odd is to be said. The
 * folders are proved all at once, by {@linkcode UnchangedFolders.check}, for which the caller cares.
 */
export class WholeExperiments {
  readonly #bytes = new Uint8Array(MAX_DEFINITION_BYTES);

  constructor(readonly folders: UnchangedFolders) {}

  /**
   * The experiment in a folder that an entry of the one above says is a folder. Throws {@linkcode FolderChangedError} where anything but
   * plain files and folders stands in it, where one is missing or damaged, or where it is being changed.
   */
  read(folder: string, id: string): WholeExperiment {
    const { folders } = this;
    folders.begin();
    const state = stateOf(folders.enter(folder));
    let [hasText, hasRuns, mayHaveNotes] = [false, false, false];
    for (const entry of this.#list(folder)) {
      const { name } = entry;
      if (name === META_FILE) hasText = entry.isFile;
      else if (name === RUNS_FOLDER) hasRuns = entry.isDirectory;
      else if (name === NOTES_FOLDER) mayHaveNotes = true;
      // Version 0.
      else if (logNameOf(name) !== undefined || name === V0_MANIFEST_FILE) throw new FolderChangedError(folder);
    }
    if (!hasText || !hasRuns) throw new FolderChangedError(folder);
    const text = this.#text(definitionFile(folder));
    const brief = briefOf(folder, () => parseExperiment(text, { path: folder }));
    if (brief.id !== id) throw new FolderChangedError(folder);
    const inside = runsFolder(folder);
    const runsState = stateOf(folders.enter(inside));
    const runRecords: WholeRun[] = [];
    for (const { name, isDirectory } of this.#list(inside)) {
      if (isDirectory && isIdV0(name)) runRecords.push(this.#run(`${inside}/${name}`, name));
    }
    if (runRecords.length > 1) {
      runRecords.sort(({ brief: a }, { brief: b }) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    }
    return { brief, version: 1, mayHaveNotes, text, state, runsState, runRecords };
  }

  #run(folder: string, id: string): WholeRun {
    const { folders } = this;
    const state = stateOf(folders.enter(folder));
    const names: string[] = [];
    const logs: WholeLog[] = [];
    let hasText = false;
    for (const { name: file, isFile } of this.#list(folder)) {
      if (!isFile || file.startsWith(".")) continue;
      if (file === META_FILE) hasText = true;
      const name = logNameOf(file);
      if (name === undefined) continue;
      names.push(name);
      const path = `${folder}/${file}`;
      logs.push({ path, name, info: folders.look(path) });
    }
    if (!hasText) throw new FolderChangedError(folder);
    const text = this.#text(definitionFile(folder));
    const brief = briefOf(folder, () => parseRun(text, { path: folder }));
    if (brief.id !== id) throw new FolderChangedError(folder);
    names.sort();
    return { name: id, brief, text, state, names, logs, status: undefined, closed: undefined };
  }

  /** What stands in a folder. Another way of listing reports what is odd. */
  #list(folder: string): readonly Deno.DirEntry[] {
    if (isPathTooDeep(folder)) throw new FolderChangedError(folder);
    const entries = this.folders.list(folder);
    for (const { name, isSymlink } of entries) {
      if (isSymlink || name.includes("\ufffd") || !isUsable(name) || folder.length + name.length >= MAX_NAME) {
        throw new FolderChangedError(folder);
      }
    }
    return entries;
  }

  #text(path: string): string {
    const length = this.folders.read(path, this.#bytes);
    if (length === MAX_DEFINITION_BYTES) throw new FolderChangedError(path);
    return decoder.decode(this.#bytes.subarray(0, length));
  }
}

const decoder = new TextDecoder();

function briefOf<T extends Brief | RunBrief>(folder: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new FolderChangedError(folder);
  }
}

function stateOf({ dev: device, ino, mtime, ctime }: Deno.FileInfo): FolderState {
  return { device, inode: ino!, modifiedAt: mtime!.getTime(), changedAt: ctime!.getTime() };
}
