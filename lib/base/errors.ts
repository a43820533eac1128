/** What all errors that dbx throws on purpose have in common: a message a user can act on, and an exit code. */
export class DbxError extends Error {
  override name = "DbxError";
  /** The exit code of a command that ends with this error. */
  readonly exitCode: number = 1;
}

/** The caller asked for something that cannot be: a wrong option, a malformed value. */
export class UsageError extends DbxError {
  override name = "UsageError";
  override readonly exitCode = 2;
}

/** The thing that was named does not exist. */
export class NotFoundError extends DbxError {
  override name = "NotFoundError";
}

/** What was to be made is there already. */
export class AlreadyExistsError extends DbxError {
  override name = "AlreadyExistsError";
}

/** An id prefix fits several things; `candidates` lists them. */
export class AmbiguousError extends DbxError {
  override name = "AmbiguousError";
  constructor(message: string, readonly candidates: readonly string[]) {
    super(message);
  }
}

/** A repository of a version that this program does not know. */
export class VersionError extends DbxError {
  override name = "VersionError";
}

/** Bytes that are not what the format says they must be. */
export class DamageError extends DbxError {
  override name = "DamageError";
  /** The file, relative to the repository; the line from 1, and the byte offset, where they are known. */
  constructor(
    message: string,
    readonly place: { readonly path?: string; readonly line?: number; readonly offset?: number } = {},
  ) {
    super(message);
  }
}

/** What came is not what was sent: a wrong checksum, or an answer that was cut short. Another try may help. */
export class GarbledError extends DamageError {
  override name = "GarbledError";
}

/** The other side refuses who asks: a token is needed, is wrong, or does not allow it. */
export class RefusedError extends DbxError {
  override name = "RefusedError";
}

/** The other side cannot be reached, or the connection broke: it may be reached later. */
export class UnreachableError extends DbxError {
  override name = "UnreachableError";
}

/** The other side is there, and has no time at present. */
export class BusyError extends UnreachableError {
  override name = "BusyError";
}

/** Whether another try may help, at once or later. */
export function isTransient(error: unknown): boolean {
  return error instanceof UnreachableError || error instanceof GarbledError;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
