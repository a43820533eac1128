import { temporaryIn, writeAllSync } from "../../fs/files/file_operations.ts";
import { createHash } from "node:crypto";
import { objectName, OBJECTS_FOLDER } from "../../format/layout/names.ts";
import type { LocalStore } from "./local_store.ts";
import { DamageError } from "../../base/errors.ts";
import { toDiskError } from "../../fs/disk_error.ts";
import { placeObject } from "./place_object.ts";
import { touchObject } from "./files/touch_object.ts";

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
  const temporary = temporaryIn(OBJECTS_FOLDER);
  const hash = createHash("sha256");
  let size = 0;
  try {
    store.folder.makeFolder(OBJECTS_FOLDER);
    {
      using file = store.folder.open(temporary, { write: true, createNew: true });
      const keep = (piece: Uint8Array) => {
        hash.update(piece);
        size += piece.length;
        writeAllSync(file, piece);
      };
      if (data instanceof Uint8Array) keep(data);
      else for await (const piece of data) keep(piece);
    }
    const sha256 = hash.digest("hex");
    const name = objectName(sha256);
    if (touchObject(store.folder, name)) return { sha256, size };
    if (await placeObject(store, temporary, sha256) === "damaged") {
      throw new DamageError(`Cannot store an object: the disk returned different bytes from those written`, {
        path: name,
      });
    }
    return { sha256, size };
  } catch (error) {
    throw toDiskError(error, store.path(temporary));
  } finally {
    store.folder.remove(temporary);
  }
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
