import { parentOf } from "../../base/paths.ts";
import { DbxError } from "../../base/errors.ts";
import type { PurgedStore } from "../../store/local/local_store_options.ts";
import type { Purged } from "../../store/local/purge/purge.ts";
import { ownSources } from "./own_sources.ts";

/** What a purge worker is asked. */
export interface PurgeOrder {
  /** The absolute path of a folder, and of the file for what inventories learn. */
  readonly location: string;
  readonly cache?: string;
  readonly ids: readonly string[];
  /** Objects that go too, unless something refers to them. */
  readonly objects: readonly string[];
}

/** What it answers. */
export type PurgeReport = Purged | { readonly error: string };

/** Purges in another thread: all logs are read for who else refers to a file. One that is cut off is finished later. */
export function purgeInThread(
  { location, cache }: PurgedStore,
  ids: readonly string[],
  objects: readonly string[],
): Promise<Purged> {
  return new Promise((resolve, reject) => {
    const folders = [location, ...cache === undefined ? [] : [parentOf(cache)]];
    const none = { net: false, run: false, env: false, sys: false, ffi: false, import: false };
    const permissions = { ...none, read: [...folders, ...ownSources()], write: folders };
    const options = { type: "module", name: "purge", deno: { permissions } } as unknown as WorkerOptions;
    const worker = new Worker(new URL("./purge_worker.ts", import.meta.url), options);
    worker.onmessage = ({ data }: MessageEvent<PurgeReport>) => {
      worker.terminate();
      if ("error" in data) reject(new DbxError(data.error));
      else resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      reject(new DbxError(`Cannot purge: ${event.message}`));
    };
    const order: PurgeOrder = { location, cache, ids, objects };
    worker.postMessage(order);
  });
}
