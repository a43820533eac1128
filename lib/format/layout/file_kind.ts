import { isIdV0 } from "../../base/ids.ts";
import { logNameOf, MARKER_FILE, MAX_FILE_DEPTH, META_FILE, OBJECTS_FOLDER } from "./names.ts";
import { isSha256 } from "../json/special_values.ts";
import { purgedId } from "./tombstone.ts";

/**
 * What a file of a repository is, which says how it may change: a `marker` belongs to its copy, a `definition`, an
 * `object`, a `tombstone` and a `file` (of a v0 experiment) never change, a `log` grows at its end, and a `registry`
 * (`files.json` of v0) gets further keys.
 */
export type FileKind = typeof FILE_KINDS[number];

export const FILE_KINDS = ["marker", "definition", "log", "object", "file", "registry", "tombstone"] as const;

/** The file in which v0 names its files. */
export const V0_MANIFEST_FILE = "files.json";

/** Characters that the name of a file may have, and bytes that one segment of it may have. */
export const MAX_NAME = 4096;
const MAX_SEGMENT_BYTES = 255;

/**
 * What the file of a name is, or undefined if it is not the name of a file that belongs in a repository: one that
 * leaves the repository, begins with a dot somewhere, or stands in no experiment. Pure: it looks at the name only.
 */
export function classifyPath(name: string): FileKind | undefined {
  if (name === MARKER_FILE) return "marker";
  // deno-lint-ignore no-control-regex
  if (name.length > MAX_NAME || /[\x00-\x1f\x7f\\]|(?:^|\/)[A-Za-z]:/.test(name) || !name.isWellFormed()) {
    return undefined;
  }
  const parts = name.split("/");
  if (parts.length < 2 || parts.length > MAX_FILE_DEPTH) return undefined;
  let inExperiment = false;
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at];
    if (part === "" || part.startsWith(".") || isTooLong(part)) return undefined;
    if (at < parts.length - 1 && isIdV0(part)) inExperiment = true;
  }
  if (parts[0] === OBJECTS_FOLDER) {
    const [, shelf, hash] = parts;
    return parts.length === 3 && isSha256(hash) && hash.startsWith(shelf) && shelf.length === 2 ? "object" : undefined;
  }
  if (!inExperiment) return purgedId(name) === undefined ? undefined : "tombstone";
  const last = parts[parts.length - 1];
  if (last === META_FILE) return "definition";
  if (last === V0_MANIFEST_FILE) return "registry";
  return logNameOf(last) === undefined ? "file" : "log";
}

/** Whether the name of a file may have this segment: what `classifyPath` asks of each of them. */
export function isSegment(segment: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/^(?:\.|[A-Za-z]:|$)|[\x00-\x1f\x7f\\/]/.test(segment) && segment.isWellFormed() && !isTooLong(segment);
}

/** A segment of ASCII has as many bytes as characters; others are counted. */
function isTooLong(segment: string): boolean {
  const { length } = segment;
  return length > MAX_SEGMENT_BYTES ||
    (length * 3 > MAX_SEGMENT_BYTES && new TextEncoder().encode(segment).length > MAX_SEGMENT_BYTES);
}
