import { DbxError } from "../base/errors.ts";

/** What the system says no to, and what a person can do about it, by the number of the error. */
const ADVICE: ReadonlyMap<number, readonly [state: string, advice: string]> = new Map([
  [1, ["the system does not permit it", "the file belongs to another user, or is marked as immutable"]],
  [5, ["the disk failed", "look at the system's log, and copy the repository to another disk"]],
  [13, ["you have no permission", "ask the owner, or make the repository with dbx init --shared group"]],
  [24, ["too many files are open", "raise the limit (ulimit -n), or close other programs"]],
  [27, ["the file would be too long for this file system or for the shell's limit", "see ulimit -f"]],
  [28, ["the disk is full", "free some space and try again; what was written so far is kept"]],
  [30, ["the file system is mounted read-only", "mount it read-write, or copy the repository elsewhere"]],
  [36, ["the name is too long for this file system", "choose shorter names, or move the repository to a shorter path"]],
  [122, ["your quota is used up", "free some space and try again; what was written so far is kept"]],
]);

/** The system refused to write a file, for a reason that is not the program's. */
export class DiskError extends DbxError {
  override name = "DiskError";
  constructor(
    message: string,
    /** The number of the system's error: 28 is a full disk. */
    readonly code: number,
    /** It holds for all files of the folder, not just for this one. */
    readonly stopsAll: boolean,
    cause: unknown,
  ) {
    super(message);
    this.cause = cause;
  }
}

/** Numbers of errors that hold for every other file too. */
const STOPS_ALL = new Set([5, 13, 24, 28, 30, 122]);

/** The number of a system's error; undefined where it is something else. */
export function systemCode(error: unknown): number | undefined {
  if (error instanceof DiskError) return error.code;
  if (!(error instanceof Error)) return undefined;
  const found = /\(os error (\d+)\)/.exec(error.message);
  return found === null ? undefined : Number(found[1]);
}

/** The error as one that names the file, if it is known, and says what to do, where the system refused; any other one as it is. */
export function toDiskError(error: unknown, path: string | undefined, verb = "write"): unknown {
  if (error instanceof DbxError) return error;
  const code = systemCode(error);
  const known = code === undefined ? undefined : ADVICE.get(code);
  if (known === undefined) return error;
  const [state, advice] = known;
  const what = path === undefined ? "" : ` "${path}"`;
  return new DiskError(`Cannot ${verb}${what}: ${state}; ${advice}`, code!, STOPS_ALL.has(code!), error);
}
