import type { LogTarget } from "../../../cli/repository/access.ts";

/** What is done with contents that a run no longer keeps: before a server has them, they need not be sent. */
export async function unkeptIn({ store, isRemote }: LogTarget): Promise<((sha256: string) => void) | undefined> {
  if (!isRemote) return undefined;
  const { dropUnsent } = await import("../../../client/spool/large_objects.ts");
  return (sha256) => dropUnsent(store, sha256);
}
