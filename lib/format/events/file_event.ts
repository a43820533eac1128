import { isObject, type Json } from "../../base/json.ts";
import { isExpfile, isSha256 } from "../json/special_values.ts";
import { encodeEvent } from "./encode_event.ts";
import type { LogEvent } from "./event.ts";
import { parseEvent } from "./parse_event.ts";

/** Says that a file was kept or referred to. */
export const FILE_EVENT = "dbx/file";

/** Says, in the log `files` of a run, that what was kept of a file before need not be kept any longer. */
export const UNKEPT_EVENT = "dbx/unkept";

/** The log in which `dbx run` names the files of its run. */
export const FILES_LOG = "files";

/** The log in which `dbx run` names the code that a run was started with. */
export const CODE_LOG = "code";

/** What begins the names of files of code in that log: below the top of the working tree, or without git below the script's folder. */
export const CODE_PREFIX = "code/";

/** What begins those of a script that stands outside of the working tree of git, and of the modules beside it. */
export const SCRIPT_PREFIX = "script/";

/** The file in that log with the versions of the Python packages: lines `name==version`. */
export const PACKAGES_FILE = "environment/packages.txt";

/** How the names of logs begin whose files were added to a run afterwards: nothing of them is a sign of its life. */
export const PUT_LOG_PREFIX = "put-";

/** One version of a file. */
export interface FileVersion {
  readonly name: string;
  readonly sha256: string;
}

/** Distinguishes versions by name and contents. */
export function versionKey({ name, sha256 }: FileVersion): string {
  return `${sha256} ${name}`;
}

/** The version that an event says need not be kept any longer; undefined for any other event. */
export function unkeptVersion({ event, data }: Pick<LogEvent, "event" | "data">): FileVersion | undefined {
  const { name, sha256 } = data;
  return event === UNKEPT_EVENT && typeof name === "string" && isSha256(sha256) ? { name, sha256 } : undefined;
}

/** The version that an event keeps, and nothing else; undefined for one that says more, or something else. */
export function keptVersion({ event, data }: Pick<LogEvent, "event" | "data">): FileVersion | undefined {
  const { name, size, file, ...more } = data;
  if (event !== FILE_EVENT || typeof name !== "string" || !isExpfile(file)) return undefined;
  const isPlain = [size, ...Object.values(file), ...Object.values(more)].every((value: Json) => !isHolder(value));
  return isPlain ? { name, sha256: file.sha256 } : undefined;
}

/** Whether a value may hold further references. */
function isHolder(value: Json | undefined): boolean {
  return Array.isArray(value) || isObject(value);
}

/**
 * The lines of a log `files`, by their places, whose version a later line says need not be kept. A line that says anything
 * else too, or that cannot be understood, is never among them.
 */
export function unkeptLines(lines: readonly string[]): ReadonlyMap<number, FileVersion> {
  const unkept = new Map<number, FileVersion>();
  const dropped = new Set<string>();
  for (let at = lines.length - 1; at >= 0; at--) {
    const event = eventOf(lines[at]);
    if (event === undefined) continue;
    const gone = unkeptVersion(event);
    if (gone !== undefined) dropped.add(versionKey(gone));
    const kept = keptVersion(event);
    if (kept !== undefined && dropped.has(versionKey(kept))) unkept.set(at, kept);
  }
  return unkept;
}

function eventOf(line: string): LogEvent | undefined {
  if (!line.includes("dbx")) return undefined;
  try {
    const event = parseEvent(line);
    // What is written in another way, such as with a key twice, may say more than was read of it.
    return encodeEvent(event.event, event.ts ?? 0, event.data) === line + "\n" ? event : undefined;
  } catch {
    return undefined;
  }
}
