import { concat } from "../../../base/bytes.ts";
import type { Repository } from "../../../repo/repository.ts";
import { CODE_LOG } from "../../../format/events/file_event.ts";
import { bytesOf, storedBytes } from "../stored_bytes.ts";

/** All of a small file of a run, compared with its hash. */
export async function readStored(
  repository: Repository,
  { exp, name, sha256, size }: {
    readonly exp: string;
    readonly name: string;
    readonly sha256: string;
    readonly size: number | null;
  },
): Promise<Uint8Array> {
  const stored = await storedBytes(repository, {
    file: name,
    exp,
    run: "",
    log: CODE_LOG,
    name,
    version: 1,
    versions: 1,
    size,
    ts: null,
    sha256,
    kept: true,
    path: null,
    hostname: null,
  });
  const pieces: Uint8Array[] = [];
  for await (const piece of bytesOf(stored, { start: 0, end: stored.size })) pieces.push(piece);
  return concat(pieces);
}
