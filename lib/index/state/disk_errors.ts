import { EmptiedIndex } from "./index_files.ts";

/** Whether an error says that nothing can be kept on the disk, as it is full, for one. */
export function isDiskError(error: unknown): boolean {
  if (error instanceof EmptiedIndex) return true;
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.IsADirectory) return true;
  return error instanceof Error && /No space left|Read-only file system|quota|Is a directory/i.test(error.message);
}
