import { isAbsent } from "../../fs/files/file_operations.ts";
import { createHash, type Hash } from "node:crypto";
import { type Pace, Yielder } from "../../base/yielder.ts";
import { messageOf } from "../../base/errors.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { CHUNK_BYTES, chunksOf } from "../file_chunks.ts";
import { endOfLastLine, readUpTo } from "../../fs/files/last_line.ts";
import type { BulkOptions, FileChunk, Prefix, PrefixHash, ReadRange } from "../store.ts";

/** What is said of a file that was listed, and is gone by now. */
export const NO_LONGER = "it no longer exists";

/** Bytes that are read ahead into one batch. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_PARTS = 256;
/** Other work gets its turn now and then. */
const PACE: Pace = { everyMs: 10 };

/** Reads files of a folder in bulk. */
export async function* readChunks(
  root: RootFolder,
  wants: readonly ReadRange[],
  { signal, pace = PACE }: BulkOptions = {},
): AsyncGenerator<readonly FileChunk[], void> {
  const yielder = new Yielder(signal, pace);
  let batch: FileChunk[] = [];
  let held = 0;
  const last = (name: string, offset: number, error: unknown): void => {
    batch.push({ name, offset, bytes: new Uint8Array(), end: true, size: offset, error: messageOf(error) });
  };
  for (const { name, offset } of wants) {
    await yielder.checkpoint();
    let came = offset;
    try {
      const kind = classifyPath(name);
      if (kind === undefined) throw new Error("not a file that belongs in a repository");
      using file = root.open(name);
      const info = file.statSync();
      const { size } = info;
      const modifiedAt = info.mtime?.getTime();
      let at = 0;
      const read = (from: number, length: number): Uint8Array | Promise<Uint8Array> => {
        // A line of many parts comes as one.
        if (yielder.shouldYield) return yielder.yieldNow().then(() => read(from, length));
        if (at !== from) file.seekSync(from, Deno.SeekMode.Start);
        const bytes = readUpTo(file, length);
        at = from + bytes.length;
        return bytes;
      };
      for await (const part of chunksOf({ name, kind, offset, size, modifiedAt, read })) {
        batch.push(part);
        came = part.offset + part.bytes.length;
        held += part.bytes.length;
        if (held < BATCH_BYTES && batch.length < BATCH_PARTS) continue;
        yield batch;
        batch = [];
        held = 0;
      }
    } catch (error) {
      if (signal?.aborted) throw error;
      last(name, came, error instanceof Deno.errors.NotFound ? NO_LONGER : error);
    }
  }
  if (batch.length > 0) yield batch;
}

/** What has been hashed of a log that grows, so that the next proof starts from there. */
interface Hashed {
  readonly hash: Hash;
  readonly length: number;
  readonly modifiedAt: number;
  /** The file itself, where the system says which one it is: one that took its name is hashed again. */
  readonly ino: number | null;
}

/** Bytes from which on a log is worth remembering, and how many logs are. */
const MIN_REMEMBERED_BYTES = 4 * 1024 * 1024;
const REMEMBERED = 256;

/** Proves the beginnings of files of a folder, and remembers how far it has hashed those that grow. */
export class PrefixHasher {
  readonly #hashed = new Map<string, Hashed>();

  constructor(readonly root: RootFolder) {}

  /**
   * Each file is gone through once, however many of its beginnings are asked for. It gives way to other work, and stops when
   * the signal aborts.
   */
  async hash(
    extents: readonly Prefix[],
    { signal, pace = PACE }: BulkOptions = {},
  ): Promise<(PrefixHash | undefined)[]> {
    const yielder = new Yielder(signal, pace);
    const wanted = new Map<string, { readonly at: number; readonly length: number | undefined }[]>();
    for (const [at, { name, length }] of extents.entries()) {
      const own = wanted.get(name);
      if (own === undefined) wanted.set(name, [{ at, length }]);
      else own.push({ at, length });
    }
    const proofs: (PrefixHash | undefined)[] = new Array(extents.length).fill(undefined);
    for (const [name, own] of wanted) {
      await yielder.checkpoint();
      await this.#prove(name, own, proofs, yielder);
    }
    return proofs;
  }

  async #prove(
    name: string,
    wanted: readonly { readonly at: number; readonly length: number | undefined }[],
    proofs: (PrefixHash | undefined)[],
    yielder: Yielder,
  ): Promise<void> {
    let file: Deno.FsFile;
    try {
      file = this.root.open(name);
    } catch (error) {
      if (isAbsent(error)) return;
      throw error;
    }
    using _ = file;
    const info = file.statSync();
    const { size } = info;
    const whole = classifyPath(name) === "log" ? endOfLastLine(file, size) : size;
    const order = wanted.map(({ at, length = size }) => ({ at, length })).sort((a, b) => a.length - b.length);
    const known = this.#hashed.get(name);
    // A log only grows; one that is shorter than before, or was rewritten, is hashed from its start.
    const modifiedAt = info.mtime?.getTime() ?? 0;
    const isKnown = known !== undefined && known.length <= order[0].length && known.modifiedAt <= modifiedAt &&
      known.ino === info.ino;
    const hash = isKnown ? known.hash.copy() : createHash("sha256");
    let hashed = isKnown ? known.length : 0;
    file.seekSync(hashed, Deno.SeekMode.Start);
    let [last, sha256] = [-1, ""];
    const bytes = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(1, size)));
    for (const { at, length } of order) {
      if (length > size) {
        proofs[at] = { size, lastLineEnd: whole };
        continue;
      }
      while (hashed < length) {
        const count = file.readSync(bytes.subarray(0, Math.min(bytes.length, length - hashed)));
        if (count === null) break;
        hash.update(bytes.subarray(0, count));
        hashed += count;
        if (yielder.shouldYield) await yielder.yieldNow();
      }
      if (hashed < length) {
        proofs[at] = { size: hashed, lastLineEnd: whole };
        continue;
      }
      if (length !== last) [last, sha256] = [length, hash.copy().digest("hex")];
      proofs[at] = { size, sha256, lastLineEnd: whole };
      if (yielder.shouldYield) await yielder.yieldNow();
    }
    if (last >= MIN_REMEMBERED_BYTES && hashed === last) {
      this.#hashed.delete(name);
      if (this.#hashed.size >= REMEMBERED) this.#hashed.delete(this.#hashed.keys().next().value!);
      this.#hashed.set(name, { hash, length: last, modifiedAt, ino: info.ino });
    }
  }
}
