import { createHash } from "node:crypto";
import { newId } from "../base/ids.ts";
import { objectName } from "../format/names.ts";
import type { LocalStore } from "./local.ts";
import { TEMPORARY_PREFIX, writeAllSync } from "./files.ts";
import type { Store } from "./store.ts";

/** What `putObject` kept. */
export interface StoredObject {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Keeps contents under their SHA-256, once. They are streamed: memory stays the same for any size. The bytes are on the
 * disk under a temporary name before the object appears.
 */
export async function putObject(
  store: LocalStore,
  data: Uint8Array | ReadableStream<Uint8Array>,
): Promise<StoredObject> {
  const folder = store.path("objects");
  Deno.mkdirSync(folder, { recursive: true });
  const temporary = `${folder}/${TEMPORARY_PREFIX}${newId()}`;
  const hash = createHash("sha256");
  let size = 0;
  try {
    {
      using file = Deno.openSync(temporary, { write: true, createNew: true });
      const keep = (piece: Uint8Array) => {
        hash.update(piece);
        size += piece.length;
        writeAllSync(file, piece);
      };
      if (data instanceof Uint8Array) keep(data);
      else for await (const piece of data) keep(piece);
      file.syncSync();
    }
    const sha256 = hash.digest("hex");
    const path = store.path(objectName(sha256));
    const shelf = path.slice(0, path.lastIndexOf("/"));
    Deno.mkdirSync(shelf, { recursive: true });
    if (!touched(path)) {
      // Two writers of the same contents may race here: a rename over equal bytes changes nothing.
      Deno.renameSync(temporary, path);
      for (const durable of [shelf, folder]) {
        using handle = Deno.openSync(durable);
        handle.syncSync();
      }
    }
    return { sha256, size };
  } finally {
    try {
      Deno.removeSync(temporary);
    } catch {
      // It has its name already.
    }
  }
}

/**
 * Whether an object is there, and if so, makes it as new: a collection of garbage beside this leaves alone what was put a
 * moment ago and is not referred to yet.
 */
function touched(path: string): boolean {
  try {
    const now = new Date();
    Deno.utimeSync(path, now, now);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // Another user's file cannot be touched, but it is there.
    return true;
  }
}

/** Whether an object is there. */
export async function hasObject(store: Store, sha256: string): Promise<boolean> {
  return await store.stat(objectName(sha256)) !== undefined;
}

/** The contents of an object. Throws `NotFoundError` where the repository does not hold it. */
export function openObject(store: Store, sha256: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  return store.stream(objectName(sha256));
}

/** The SHA-256 and size of a stream, in bounded memory. */
export async function hashStream(data: ReadableStream<Uint8Array>): Promise<StoredObject> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const piece of data) {
    hash.update(piece);
    size += piece.length;
  }
  return { sha256: hash.digest("hex"), size };
}
