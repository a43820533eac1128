import { DamageError, VersionError } from "../../base/errors.ts";
import { isId } from "../../base/ids.ts";
import { isoTime, parseObject, readTime } from "../json/fields.ts";
import { MARKER_FILE } from "../layout/names.ts";

/** The version of the repository format that this program writes. */
export const FORMAT_VERSION = 1;

/** What `dbx.json` says of its repository. */
export interface RepositoryConfig {
  readonly version: 1;
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

/** The text of a `dbx.json`. */
export function serializeRepositoryConfig(marker: Readonly<{ id: string; createdAt: number }>): string {
  return JSON.stringify({ dbx: FORMAT_VERSION, id: marker.id, createdAt: isoTime(marker.createdAt) }) + "\n";
}

/**
 * What a `dbx.json` says. Keys that this program does not know are ignored.
 *
 * @throws {VersionError} For a version that this program does not know.
 * @throws {DamageError} If the text is not such a file.
 */
export function parseRepositoryConfig(text: string, path: string = MARKER_FILE): RepositoryConfig {
  const fields = parseObject(text, path);
  const version = fields.dbx;
  if (typeof version !== "number" || !Number.isInteger(version)) {
    throw new DamageError(`Cannot read "${path}": it has no version number "dbx".`, { path });
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

/** What can still be read of a `dbx.json` that may be damaged. */
export interface RecoveredConfig {
  /** Undefined if the version is unknown. */
  readonly version?: 1;
  readonly id?: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt?: number;
  /** What is wrong with it; undefined where nothing is. */
  readonly problem?: string;
}

/**
 * What a `dbx.json` says as far as it can be read: one bad byte must not lock a repository. The version is taken from a
 * damaged text only where it stands there once, and plainly.
 *
 * @throws {VersionError} For a version that this program does not know.
 */
export function recoverRepositoryConfig(text: string, path: string = MARKER_FILE): RecoveredConfig {
  try {
    return parseRepositoryConfig(text, path);
  } catch (error) {
    if (!(error instanceof DamageError)) throw error;
    const versions = [...text.matchAll(/"dbx"[ \t\r\n]*:[ \t\r\n]*(-?\d+(?:\.\d+)?)[ \t\r\n]*([,}]?)/g)];
    const other = versions.find(([, version]) => Number(version) !== FORMAT_VERSION);
    if (other !== undefined) {
      throw new VersionError(
        `Cannot open the repository: "${path}" is damaged and says version ${other[1]}, and this dbx knows 0 and 1.`,
      );
    }
    const id = /"id"[ \t\r\n]*:[ \t\r\n]*"([0-9a-z]{13})"/.exec(text)?.[1];
    const createdAt = readTime(/"createdAt"[ \t\r\n]*:[ \t\r\n]*"([^"]*)"/.exec(text)?.[1]);
    // What ends at the number may have had more digits.
    const isPlain = versions.length === 1 && versions[0][2] !== "";
    return { version: isPlain ? 1 : undefined, id, createdAt, problem: error.message };
  }
}
