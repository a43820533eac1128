import { DamageError, VersionError } from "../base/errors.ts";
import { isId } from "../base/ids.ts";
import { isoTime, parseObject, readTime } from "./fields.ts";
import { MARKER_FILE } from "./names.ts";

/** The version of the repository format that this program writes. */
export const FORMAT_VERSION = 1;

/** What `dbx.json` says of its repository. */
export interface Marker {
  readonly version: 1;
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

/** The text of a `dbx.json`. */
export function serializeMarker(marker: Readonly<{ id: string; createdAt: number }>): string {
  return JSON.stringify({ dbx: FORMAT_VERSION, id: marker.id, createdAt: isoTime(marker.createdAt) }) + "\n";
}

/**
 * What a `dbx.json` says. Keys that this program does not know are ignored.
 *
 * @throws {VersionError} For a version that this program does not know.
 * @throws {DamageError} Where the text is no such file.
 */
export function parseMarker(text: string, path: string = MARKER_FILE): Marker {
  const fields = parseObject(text, path);
  const version = fields.dbx;
  if (typeof version !== "number" || !Number.isInteger(version)) {
    throw new DamageError(`Cannot read "${path}": it holds no version number "dbx".`, { path });
  }
  if (version !== FORMAT_VERSION) {
    throw new VersionError(
      `Cannot open the repository: "${path}" says version ${version}, and this dbx knows 0 and 1; get a newer dbx.`,
    );
  }
  if (typeof fields.id !== "string" || !isId(fields.id)) {
    throw new DamageError(`Cannot read "${path}": its "id" is not 13 characters of 0-9a-z.`, { path });
  }
  const createdAt = readTime(fields.createdAt);
  if (createdAt === undefined) throw new DamageError(`Cannot read "${path}": its "createdAt" is not a time.`, { path });
  return { version: 1, id: fields.id, createdAt };
}
