/**
 * Gives an open file a time of change, in milliseconds since the Unix epoch. Another user's file, whose time only its
 * owner may set, keeps its own: then contents are compared where times could have been. So does a file of before 1970, whose time
 * is not told with its sign.
 */
export function setTime(file: Deno.FsFile, modifiedAt: number): void {
  if (modifiedAt < 0) return;
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
