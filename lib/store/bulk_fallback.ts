import { createHash } from "node:crypto";
import { messageOf } from "../base/errors.ts";
import { classifyPath } from "../format/layout/file_kind.ts";
import { areEqual, concatBytes } from "../base/bytes.ts";
import { partsOf } from "./file_chunks.ts";
import { extendsV0Manifest } from "./v0_manifest.ts";
import type {
  BulkOptions,
  FileChunk,
  FileEntry,
  FileIssue,
  InventoryOptions,
  Prefix,
  PrefixHash,
  ReadRange,
  Store,
  WriteReport,
} from "./store.ts";
import { walk } from "./walk.ts";

/** A store whose work in bulk is there in any case: its own, or made of its plain methods. */
export type BulkStore = Store & Required<Pick<Store, "inventory" | "prove" | "give" | "take" | "settle">>;

/** Adds what a store lacks. */
export function withBulkFallback(store: Store): BulkStore {
  const tree = {
    list: (folder: string) => Array.fromAsync(store.list(folder)),
    stat: (name: string) => store.stat(name),
  };
  const plain: Pick<BulkStore, "inventory" | "prove" | "give" | "take" | "settle"> = {
    inventory: (options) => walk(tree, options),
    prove: (extents, options) => prove(store, extents, options),
    give: (wants, options) => give(store, wants, options),
    take: (parts, options) => take(store, parts, options),
    settle: () => Promise.resolve(), // Without times, equal files are compared each time.
  };
  return new Proxy(store, {
    get(target, key) {
      const own: unknown = Reflect.get(target, key, target) ?? Reflect.get(plain, key);
      return typeof own === "function" ? own.bind(target) : own;
    },
  }) as BulkStore;
}

async function prove(
  store: Store,
  extents: readonly Prefix[],
  { signal }: BulkOptions = {},
): Promise<(PrefixHash | undefined)[]> {
  const proofs: (PrefixHash | undefined)[] = [];
  for (const { name, length } of extents) {
    signal?.throwIfAborted();
    const stat = await store.stat(name);
    if (stat?.kind !== "file") {
      proofs.push(undefined);
      continue;
    }
    const wanted = length ?? stat.size;
    const hash = createHash("sha256");
    let at = 0, whole = 0, hashed = 0;
    for await (const piece of await store.stream(name)) {
      const newline = piece.lastIndexOf(10);
      if (newline >= 0) whole = at + newline + 1;
      if (hashed < wanted) {
        const part = piece.subarray(0, wanted - hashed);
        hash.update(part);
        hashed += part.length;
      }
      at += piece.length;
    }
    proofs.push({ size: at, sha256: hashed === wanted ? hash.digest("hex") : undefined, whole });
  }
  return proofs;
}

async function* give(
  store: Store,
  wants: readonly ReadRange[],
  { signal }: BulkOptions = {},
): AsyncGenerator<readonly FileChunk[], void> {
  for (const { name, offset } of wants) {
    signal?.throwIfAborted();
    let came = offset;
    try {
      const stat = await store.stat(name);
      const kind = classifyPath(name);
      if (stat?.kind !== "file" || kind === undefined) throw new Error("it is no longer there");
      const { size, modifiedAt } = stat;
      const read = (offset: number, length: number) => store.read(name, { offset, length });
      for await (const part of partsOf({ name, kind, offset, size, modifiedAt, read })) {
        yield [part];
        came = part.offset + part.bytes.length;
      }
    } catch (error) {
      if (signal?.aborted) throw error;
      yield [{ name, offset: came, bytes: new Uint8Array(), end: true, size: came, error: messageOf(error) }];
    }
  }
}

async function take(
  store: Store,
  parts: AsyncIterable<readonly FileChunk[]>,
  { signal }: BulkOptions = {},
): Promise<WriteReport> {
  const setbacks: FileIssue[] = [];
  let files = 0, bytes = 0;
  let open:
    | { name: string; feed: TransformStreamDefaultController<Uint8Array>; done: Promise<FileIssue | undefined> }
    | undefined;
  for await (const batch of parts) {
    signal?.throwIfAborted();
    for (const part of batch) {
      const kind = classifyPath(part.name);
      if (part.error !== undefined) {
        open?.feed.error(new Error(part.error));
        await open?.done;
        open = undefined;
        setbacks.push({ name: part.name, kind: "failed", message: part.error });
        continue;
      }
      if (kind === undefined) {
        setbacks.push({ name: part.name, kind: "refused", message: "no file of a repository has such a name" });
        continue;
      }
      let setback: FileIssue | undefined;
      if (kind === "log") setback = await grow(store, part);
      else {
        if (open?.name !== part.name) {
          if (part.offset !== 0) {
            setbacks.push({ name: part.name, kind: "retry", message: "its beginning did not come" });
            continue;
          }
          open = begin(store, part.name);
        }
        if (part.bytes.length > 0) open.feed.enqueue(part.bytes);
        if (!part.end) continue;
        open.feed.terminate();
        setback = await open.done;
        open = undefined;
      }
      if (setback !== undefined) setbacks.push(setback);
      else {
        bytes += part.bytes.length;
        if (part.end) files++;
      }
    }
  }
  if (open !== undefined) {
    open.feed.error(new Error("the transfer was cut"));
    await open.done;
  }
  return { files, bytes, setbacks };
}

/** Adds to a log what it does not have yet. */
async function grow(store: Store, { name, offset, bytes }: FileChunk): Promise<FileIssue | undefined> {
  const size = (await store.stat(name))?.size ?? 0;
  if (size < offset) return { name, kind: "retry", message: `it has ${size} bytes, fewer than ${offset}`, size };
  const there = size > offset
    ? await store.read(name, { offset, length: Math.min(size - offset, bytes.length) })
    : bytes;
  if (size > offset && !areEqual(there, bytes.subarray(0, there.length))) {
    return { name, kind: "diverged", message: `it differs from byte ${offset} on` };
  }
  if (size === offset + bytes.length && size > 0 || size > offset + bytes.length) return undefined;
  try {
    await store.append(name, size, bytes.subarray(size - offset));
  } catch (error) {
    return { name, kind: "retry", message: messageOf(error) };
  }
}

/** Starts a file that appears when all of it has come. */
function begin(store: Store, name: string): {
  name: string;
  feed: TransformStreamDefaultController<Uint8Array>;
  done: Promise<FileIssue | undefined>;
} {
  const hash = createHash("sha256");
  const kept: Uint8Array[] = [];
  const isObject = classifyPath(name) === "object";
  let feed!: TransformStreamDefaultController<Uint8Array>;
  const { readable } = new TransformStream<Uint8Array, Uint8Array>({ start: (controller) => void (feed = controller) });
  const stream = readable.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        if (isObject) hash.update(piece);
        else kept.push(piece);
        controller.enqueue(piece);
      },
      flush() {
        if (isObject && hash.digest("hex") !== name.slice(-64)) throw new WrongHash();
      },
    }),
  );
  const done = store.create(name, stream).then(() => undefined, async (error): Promise<FileIssue | undefined> => {
    await stream.cancel().catch(() => {});
    if (error instanceof WrongHash) {
      return { name, kind: "damaged", message: "its bytes do not have the SHA-256 of its name" };
    }
    if (!(error instanceof Deno.errors.AlreadyExists)) return { name, kind: "failed", message: messageOf(error) };
    if (isObject) return undefined;
    const [ours, theirs] = [await store.read(name), kept.reduce(concatBytes, new Uint8Array())];
    if (areEqual(ours, theirs)) return undefined;
    if (classifyPath(name) === "registry" && extendsV0Manifest(ours, theirs)) {
      await store.remove(name);
      await store.create(name, theirs);
      return undefined;
    }
    return { name, kind: "diverged", message: "another file of that name is there" };
  });
  return { name, feed, done };
}

class WrongHash extends Error {}

/** All entries of an inventory, by name. */
export async function inventoryMap(
  store: BulkStore,
  options: InventoryOptions = {},
): Promise<Map<string, FileEntry>> {
  const files = new Map<string, FileEntry>();
  for await (const batch of store.inventory(options)) for (const entry of batch) files.set(entry.name, entry);
  return files;
}
