/** Errors of the system for a time that it does not take (EINVAL, EOVERFLOW), and for a file of another user (EPERM). */
const KEEPS_ITS_OWN = /\(os error (?:1|22|75)\)/;

/**
 * Gives an open file a time of change, in milliseconds since the Unix epoch. Where that cannot be, the file keeps its own: another
 * user's file, whose time only its owner may set, and a time that a disk or runtime cannot hold, as some none before 1970. Contents
 * are then compared where times could have been.
 */
export function setTime(file: Pick<Deno.FsFile, "utimeSync">, modifiedAt: number): void {
  try {
    const time = new Date(modifiedAt);
    file.utimeSync(time, time);
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied) && !keepsItsOwn(error)) throw error;
  }
}

function keepsItsOwn(error: unknown): boolean {
  return error instanceof Error && KEEPS_ITS_OWN.test(error.message);
}
