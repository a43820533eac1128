import { parentOf } from "../../base/paths.ts";
import { toDiskError } from "../../fs/disk_error.ts";
import { setTime } from "../../fs/files/set_modified_time.ts";
import { objectName } from "../../format/layout/names.ts";
import type { LocalStore } from "./local_store.ts";
import { hasSha256 } from "./files/has_sha256.ts";

/**
 * Gives the bytes of a temporary file the name of an object, durably, after they were proved: what lies on the disk is
 * hashed, under a lock, whatever its writer believes to have written. The temporary file is gone afterwards.
 *
 * @param temporary The name of the file below the store. Each upload needs one of its own.
 * @param options `modifiedAt`: the time that the object gets, in milliseconds since the Unix epoch.
 * @returns `placed`, or `there` where the object was there already, or `damaged` where the bytes are not what the name
 * says: then there is no new object.
 */
export async function placeObject(
  store: LocalStore,
  temporary: string,
  sha256: string,
  options: { readonly modifiedAt?: number } = {},
): Promise<"placed" | "there" | "damaged"> {
  const name = objectName(sha256);
  try {
    using file = store.folder.open(temporary, { read: true, write: true });
    await file.lock(true);
    if (!await hasSha256(file, sha256)) return "damaged";
    if (options.modifiedAt !== undefined) setTime(file, options.modifiedAt);
    await file.sync();
    store.folder.makeFolder(parentOf(name));
    try {
      store.folder.place(temporary, name);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      return "there";
    }
    store.folder.syncNames(parentOf(name));
    return "placed";
  } catch (error) {
    throw toDiskError(error, store.path(name));
  } finally {
    store.folder.remove(temporary);
  }
}
