import { experimentOfFolder } from "../layout/name_tests.ts";
import type { JsonObject } from "../../base/json.ts";
import { definitionFile, logFile, logFileName, logNameOf } from "../layout/names.ts";
import { isSha256 } from "../json/special_values.ts";

/** The event, in the log `dbx` of a run, that says what a file of the run held at that moment. */
export const SEAL_EVENT = "dbx/seal";

/**
 * What the first `size` bytes of a file hash to. Later bytes of a log are not covered by this seal; a definition is
 * exactly `size` bytes long.
 */
export interface Seal {
  /** The name of a log of the run; undefined where a definition is sealed. */
  readonly log?: string;
  /** Which definition; undefined where a log is sealed. */
  readonly definition?: "run" | "experiment";
  /** Bytes from the start; of a log, up to the end of a line. */
  readonly size: number;
  /** Of these bytes, in lower-case hexadecimal. */
  readonly sha256: string;
}

/** The seal that the data of a `dbx/seal` event say; undefined where they say none, or one that this program does not know. */
export function parseSeal(data: JsonObject): Seal | undefined {
  const { log, definition, size, sha256 } = data;
  if (!Number.isSafeInteger(size) || (size as number) < 0 || typeof sha256 !== "string" || !isSha256(sha256)) {
    return undefined;
  }
  const of = { size: size as number, sha256 };
  if (typeof log === "string" && logNameOf(logFileName(log)) === log && definition === undefined) return { log, ...of };
  if ((definition === "run" || definition === "experiment") && log === undefined) return { definition, ...of };
  return undefined;
}

/** The file that a seal is of, relative to the repository. `run`: the run's folder, also relative to it. */
export function sealedFile(run: string, seal: Seal): string {
  if (seal.log !== undefined) return logFile(run, seal.log);
  return seal.definition === "run" ? definitionFile(run) : definitionFile(experimentOfFolder(run));
}

const CLOSING = /,"sha256":"([0-9a-f]{64})"\}$/;

/**
 * The last line of the log `dbx` seals itself, because nothing comes after it: its last key is `sha256`, of all bytes of
 * the log before the comma in front of that key. `line`: without its line feed. `head`: the bytes (also UTF-16 units, as
 * the rest is ASCII) of the line that are hashed after the lines before it.
 */
export function closingSeal(line: string): { readonly head: string; readonly sha256: string } | undefined {
  const match = CLOSING.exec(line);
  return match === null ? undefined : { head: line.slice(0, match.index), sha256: match[1] };
}
