/**
 * Gives an open file a time of change, in milliseconds since the Unix epoch. Another user's file, whose time only its
 * owner may set, keeps its own: then contents are compared where times could have been.
 */
export function setTime(file: Deno.FsFile, modifiedAt: number): void {
  try {
    const time = new Date(modifiedAt);
    file.utimeSync(time, time);
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied) && !isNotPermitted(error)) throw error;
  }
}

function isNotPermitted(error: unknown): boolean {
  return error instanceof Error && error.message.includes("(os error 1)");
}
