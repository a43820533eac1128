import { createHash, type Hash } from "node:crypto";
import { messageOf } from "../base/errors.ts";
import { kindOfName } from "../format/kinds.ts";
import type { RootFolder } from "../fs/root_folder.ts";
import { isAbsent } from "./files.ts";
import { PART_BYTES, partsOf } from "./parts.ts";
import { readUpTo, wholeEnd } from "./whole_end.ts";
import type { BulkOptions, Extent, Part, Proof, Want } from "./store.ts";

/** Bytes that are read ahead into one batch. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_PARTS = 256;

/** Reads files of a folder in bulk. */
export async function* giveLocal(
  root: RootFolder,
  wants: readonly Want[],
  { signal }: BulkOptions = {},
): AsyncGenerator<readonly Part[], void> {
  let batch: Part[] = [];
  let held = 0;
  const last = (name: string, offset: number, error: unknown): void => {
    batch.push({ name, offset, bytes: new Uint8Array(), end: true, size: offset, error: messageOf(error) });
  };
  for (const { name, offset } of wants) {
    signal?.throwIfAborted();
    try {
      const kind = kindOfName(name);
      if (kind === undefined) throw new Error("no file of a repository has such a name");
      using file = root.open(name);
      const info = file.statSync();
      const { size } = info;
      const modifiedAt = info.mtime?.getTime();
      let at = 0;
      const read = (from: number, length: number): Uint8Array => {
        if (at !== from) file.seekSync(from, Deno.SeekMode.Start);
        const bytes = readUpTo(file, length);
        at = from + bytes.length;
        return bytes;
      };
      for await (const part of partsOf({ name, kind, offset, size, modifiedAt, read })) {
        batch.push(part);
        held += part.bytes.length;
        if (held < BATCH_BYTES && batch.length < BATCH_PARTS) continue;
        yield batch;
        batch = [];
        held = 0;
        signal?.throwIfAborted();
      }
    } catch (error) {
      if (signal?.aborted) throw error;
      last(name, offset, error instanceof Deno.errors.NotFound ? "it is no longer there" : error);
    }
  }
  if (batch.length > 0) yield batch;
}

/** What has been hashed of a log that grows, so that the next proof starts from there. */
interface Hashed {
  readonly hash: Hash;
  readonly length: number;
  readonly modifiedAt: number;
  /** The file itself, where the system says which one it is: one that took its name is hashed anew. */
  readonly ino: number | null;
}

/** Bytes from which on a log is worth remembering, and how many logs are. */
const WORTH = 4 * 1024 * 1024;
const REMEMBERED = 256;

/** Proves the beginnings of files of a folder, and remembers how far it has hashed those that grow. */
export class LocalProver {
  readonly #hashed = new Map<string, Hashed>();

  constructor(readonly root: RootFolder) {}

  async prove(extents: readonly Extent[], { signal }: BulkOptions = {}): Promise<(Proof | undefined)[]> {
    const proofs: (Proof | undefined)[] = [];
    let since = performance.now();
    for (const { name, length } of extents) {
      if (performance.now() - since > 50) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        signal?.throwIfAborted();
        since = performance.now();
      }
      proofs.push(this.#proof(name, length));
    }
    return proofs;
  }

  #proof(name: string, length: number | undefined): Proof | undefined {
    let file: Deno.FsFile;
    try {
      file = this.root.open(name);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
    using _ = file;
    const info = file.statSync();
    const { size } = info;
    const whole = kindOfName(name) === "log" ? wholeEnd(file, size) : size;
    const wanted = length ?? size;
    if (wanted > size) return { size, whole };
    const known = this.#hashed.get(name);
    // A log only grows; one that is shorter than before, or was written anew, is hashed from its start.
    const modifiedAt = info.mtime?.getTime() ?? 0;
    const isKnown = known !== undefined && known.length <= wanted && known.modifiedAt <= modifiedAt &&
      known.ino === info.ino;
    const hash = isKnown ? known.hash.copy() : createHash("sha256");
    const from = isKnown ? known.length : 0;
    file.seekSync(from, Deno.SeekMode.Start);
    for (let at = from; at < wanted;) {
      const bytes = scratch.subarray(0, Math.min(scratch.length, wanted - at));
      const count = file.readSync(bytes);
      if (count === null) return { size: at, whole };
      hash.update(bytes.subarray(0, count));
      at += count;
    }
    if (wanted >= WORTH) {
      this.#hashed.delete(name);
      if (this.#hashed.size >= REMEMBERED) this.#hashed.delete(this.#hashed.keys().next().value!);
      this.#hashed.set(name, { hash: hash.copy(), length: wanted, modifiedAt, ino: info.ino });
    }
    return { size, sha256: hash.digest("hex"), whole };
  }
}

const scratch = new Uint8Array(PART_BYTES);
