import { DamageError, NotFoundError, UsageError } from "../../base/errors.ts";
import { damaged, missing, placeOfFile } from "../../repo/experiments/stored_file.ts";
import type { Repository } from "../../repo/repository.ts";
import type { Store } from "../../store/store.ts";
import { createHash, type Hash } from "node:crypto";
import type { ByteRange } from "./byte_range.ts";
import type { FoundFile } from "./found_file.ts";

/** Bytes that are read at once, and of a server that are asked for: two such pieces are all memory that a file takes. */
const [PIECE, REMOTE_PIECE] = [1024 * 1024, 4 * 1024 * 1024];

/** Where the bytes of a file are. */
export interface StoredBytes {
  readonly store: Store;
  /** Relative to the repository. */
  readonly name: string;
  readonly size: number;
  readonly file: FoundFile;
}

/** Finds the bytes of a file; refuses one that the repository does not hold. */
export async function storedBytes(repository: Repository, file: FoundFile): Promise<StoredBytes> {
  if (file.path !== null) {
    throw new UsageError(
      `Cannot read "${file.name}": the repository only refers to it; it was ${file.path} on ${file.hostname}`,
    );
  }
  const { store } = repository;
  const name = placeOfFile(await repository.findExperiment(file.exp), file);
  const stat = await store.stat(name);
  if (stat?.kind === "file") return { store, name, size: stat.size, file };
  throw new NotFoundError(
    file.kept
      ? missing(file.name)
      : `Cannot read "${file.name}": version ${file.version} is no longer kept, and dbx gc removed its bytes; ` +
        "dbx files --versions lists what is kept",
  );
}

/** The bytes of a range, piece by piece. Of a whole file they are compared with its hash at the end. */
export async function* bytesOf(
  { store, name, size, file }: StoredBytes,
  { start, end }: ByteRange,
  options: { readonly signal?: AbortSignal; readonly hash?: Hash } = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  // `hash`: of the bytes before the range, where these are there already.
  const hash = options.hash ?? (start === 0 ? createHash("sha256") : undefined);
  const piece = store.capabilities.remote ? REMOTE_PIECE : PIECE;
  const read = async (at: number) => {
    const length = Math.min(piece, end - at);
    const bytes = at < end ? await store.read(name, { offset: at, length }) : new Uint8Array();
    if (bytes.length === length || at >= end) return bytes;
    throw new NotFoundError(`Cannot read "${file.name}": it ended at byte ${at + bytes.length} of ${size}`);
  };
  let coming = read(start);
  for (let at = start; at < end;) {
    options.signal?.throwIfAborted();
    const bytes = await coming;
    at += bytes.length;
    // What comes next is on its way while this is written.
    coming = read(at);
    coming.catch(() => {});
    hash?.update(bytes);
    yield bytes;
  }
  if (hash === undefined || end < size || hash.digest("hex") === file.sha256) return;
  throw new DamageError(damaged(file), { path: name });
}
