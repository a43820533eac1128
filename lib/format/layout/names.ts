import { UsageError } from "../../base/errors.ts";
import { isId } from "../../base/ids.ts";
import { isSha256 } from "../json/special_values.ts";

/** The file that says that a folder is a repository, and of which version. */
export const MARKER_FILE = "dbx.json";
/** The definition of an experiment or a run. */
export const META_FILE = "meta.json";
/** The default log's file. */
export const LOG_FILE = "log.jsonl";
/** How the files of all other logs end. */
export const LOG_SUFFIX = ".log.jsonl";
/** What belongs to this copy of a repository only. */
export const LOCAL_FOLDER = ".dbx";
/** The folder of all objects. */
export const OBJECTS_FOLDER = "objects";
/** The folders of an experiment in which its runs and its notes are. */
export const RUNS_FOLDER = "runs";
export const NOTES_FOLDER = "notes";
/** The folder of tombstones. */
export const PURGED_FOLDER = "purged";
/** Names that no segment of an experiment's name may be. */
export const RESERVED_SEGMENTS: readonly string[] = [
  RUNS_FOLDER,
  NOTES_FOLDER,
  OBJECTS_FOLDER,
  PURGED_FOLDER,
  LOCAL_FOLDER,
];

/** Bytes that one segment of an experiment's name may have, and all of them together. */
export const MAX_SEGMENT = 200;
export const MAX_EXPERIMENT_NAME = 800;
/** Segments that an experiment's name may have. */
export const MAX_DEPTH = 32;
/**
 * Segments that the name of any file may have. To prove that a way holds no link costs the square of its length, and to
 * make it, or go through it, the cube.
 */
export const MAX_FILE_DEPTH = 64;

/** The file name of a log: `log.jsonl` for `log`, else `<name>.log.jsonl`. */
export function logFileName(name: string): string {
  return name === "log" ? LOG_FILE : name + LOG_SUFFIX;
}

/** The log whose file has this name (no folder), or undefined where it is not a log's. */
export function logNameOf(fileName: string): string | undefined {
  if (fileName === LOG_FILE) return "log";
  if (!fileName.endsWith(LOG_SUFFIX)) return undefined;
  const name = fileName.slice(0, -LOG_SUFFIX.length);
  // `log.log.jsonl` would be a second file for the log named `log`; readers leave alone what begins with a dot.
  return name === "" || name === "log" || name.startsWith(".") || name.includes("/") ? undefined : name;
}

/** @throws {UsageError} For an invalid log name: 1 to 100 of `a-zA-Z0-9_-.`, not beginning with `.` or `-`. */
export function checkLogName(name: string): void {
  if (/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,99}$/.test(name)) return;
  throw new UsageError(
    `Cannot name a log ${
      quote(name)
    }: a name consists of 1 to 100 letters, digits, "_", "-" and ".", and does not begin with "-" or ".".`,
  );
}

/** @throws {UsageError} For an experiment's name that cannot be folders of a repository. `""` (no name) is fine. */
export function checkExperimentName(name: string): void {
  if (name === "") return;
  const problem = nameProblem(name);
  if (problem !== undefined) throw new UsageError(`Cannot name an experiment ${quote(name)}: ${problem}.`);
}

/** Where the object of a hash lies: `objects/<aa>/<sha256>`. */
export function objectName(sha256: string): string {
  if (!isSha256(sha256)) {
    throw new UsageError(`Cannot name an object ${quote(sha256)}: a SHA-256 has 64 lower-case hexadecimal digits.`);
  }
  return `${OBJECTS_FOLDER}/${sha256.slice(0, 2)}/${sha256}`;
}

/** The folder of an experiment, from the top of the repository. */
export function experimentFolder(experiment: Readonly<{ name: string; id: string }>): string {
  return experiment.name === "" ? experiment.id : `${experiment.name}/${experiment.id}`;
}

/** The definition of the experiment or run in a folder. */
export function definitionFile(folder: string): string {
  return `${folder}/${META_FILE}`;
}

/** The folder in which all runs of the experiment in that folder are. */
export function runsFolder(experimentFolder: string): string {
  return `${experimentFolder}/${RUNS_FOLDER}`;
}

/** The folder of a run of the experiment in that folder. */
export function runFolder(experimentFolder: string, runId: string): string {
  return `${experimentFolder}/${RUNS_FOLDER}/${runId}`;
}

/** The file of a log in a folder. */
export function logFile(folder: string, log: string): string {
  return `${folder}/${logFileName(log)}`;
}

/** The folder of all notes about the experiment in that folder. */
export function notesFolder(experimentFolder: string): string {
  return `${experimentFolder}/${NOTES_FOLDER}`;
}

/** The log of notes that the copy with this replica id writes about the experiment in that folder. */
export function notesFile(experimentFolder: string, replicaId: string): string {
  return `${experimentFolder}/${NOTES_FOLDER}/${replicaId}${LOG_SUFFIX}`;
}

function nameProblem(name: string): string | undefined {
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f-\x9f]/.test(name)) return "it holds a control character";
  if (!name.isWellFormed()) return "it is not valid Unicode";
  if (name.includes("\\")) return `it holds a backslash; separate folders with "/"`;
  if (bytes(name) > MAX_EXPERIMENT_NAME) return `it has more than ${MAX_EXPERIMENT_NAME} bytes`;
  const segments = name.split("/");
  if (segments.length > MAX_DEPTH) return `it has more than ${MAX_DEPTH} parts`;
  for (const segment of segments) {
    if (segment === "") return `it has an empty part; "/" stands between two names`;
    if (segment.startsWith(".")) return `"${segment}" begins with a dot`;
    if (RESERVED_SEGMENTS.includes(segment)) return `"${segment}" is a name that repositories use themselves`;
    if (/^[a-zA-Z]:/.test(segment)) return `"${segment}" looks like a drive`;
    if (/[. ]$/.test(segment)) return `"${segment}" ends with a dot or a space`;
    if (isId(segment)) return `"${segment}" has the shape of an id (13 of 0-9a-z); add a character`;
    if (bytes(segment) > MAX_SEGMENT) return `a part of it has more than ${MAX_SEGMENT} bytes`;
  }
  return undefined;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function quote(name: string): string {
  const text = JSON.stringify(name) ?? String(name);
  return text.length > 120 ? text.slice(0, 119) + `…"` : text;
}
