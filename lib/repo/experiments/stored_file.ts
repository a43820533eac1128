import { createHash } from "node:crypto";
import { DamageError, NotFoundError } from "../../base/errors.ts";
import { objectName } from "../../format/layout/names.ts";
import type { Store } from "../../store/store.ts";
import type { Experiment } from "./experiment.ts";

/** Where the bytes of a file are, relative to the repository. `experiment`: the one that logged it. */
export function placeOfFile(
  { version, folder }: Pick<Experiment, "version" | "folder">,
  { name, sha256 }: { readonly name: string; readonly sha256: string },
): string {
  return version === 0 ? `${folder}/${name}` : objectName(sha256);
}

/**
 * All bytes of a small file, compared with its hash; undefined for one of more than `maxBytes`.
 *
 * @throws {NotFoundError} Where this copy of the repository does not hold it.
 */
export async function readStored(
  store: Store,
  experiment: Pick<Experiment, "version" | "folder">,
  file: { readonly name: string; readonly sha256: string },
  options: { readonly maxBytes?: number } = {},
): Promise<Uint8Array | undefined> {
  const { name, sha256 } = file;
  const place = placeOfFile(experiment, file);
  const stat = await store.stat(place);
  if (stat?.kind !== "file") throw new NotFoundError(missing(name));
  if (stat.size > (options.maxBytes ?? Infinity)) return undefined;
  const bytes = await store.read(place);
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) {
    throw new DamageError(damaged(file), { path: place });
  }
  return bytes;
}

/** That a file is not here, and what to do. */
export function missing(name: string): string {
  return `Cannot read "${name}": its bytes are not in this copy; synchronise with one that has them (dbx pull)`;
}

/** That a file is damaged, and what to do. */
export function damaged({ name, sha256 }: { readonly name: string; readonly sha256: string }): string {
  return `Cannot read "${name}": its bytes are damaged: they do not have the SHA-256 ${sha256.slice(0, 12)}…; ` +
    "restore it from another copy";
}
