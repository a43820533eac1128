import type { Inventory, Side } from "./side.ts";
import { DerivedFolder } from "../../fs/folders/derived_folder.ts";
import { meetLink } from "../../fs/links/links_met.ts";
import type { BulkStore } from "../../store/store.ts";
import { inventoryMap } from "../../store/bulk_fallback.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { type InventoryOrder, type InventoryReport, unpack } from "./inventory_job.ts";

/** Bytes of what an earlier inventory kept from which on a second thread is worth its start. */
const MIN_BYTES_FOR_WORKER = 384 * 1024;

/** Takes both inventories at the same time; one from afar is asked only for what differs from the other one. */
export async function look(
  first: BulkStore,
  second: BulkStore,
  { signal, fresh }: { readonly signal?: AbortSignal; readonly fresh?: boolean } = {},
): Promise<Side[]> {
  const side = (store: BulkStore, inventory: Inventory): Side => ({ store, inventory });
  if (second.capabilities.remote) {
    const near = await inventoryMap(first, { signal, fresh });
    return [side(first, near), side(second, await inventoryMap(second, { signal, fresh, known: near }))];
  }
  if (first.capabilities.remote) {
    const near = await inventoryMap(second, { signal, fresh });
    return [side(first, await inventoryMap(first, { signal, fresh, known: near })), side(second, near)];
  }
  const beside = inWorker(second, signal, fresh);
  beside.catch(() => {}); // It is not awaited if the first look fails.
  const near = await inventoryMap(first, { signal, fresh });
  return [side(first, near), side(second, await beside ?? await inventoryMap(second, { signal, fresh }))];
}

/** The inventory of a large folder, taken by another thread; undefined where it is not large, or there can be none. */
function inWorker(store: BulkStore, signal?: AbortSignal, fresh?: boolean): Promise<Inventory | undefined> {
  if (!(store instanceof LocalStore) || !isLarge(store.cache)) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    let worker: Worker;
    try {
      worker = new Worker(new URL("./inventory_worker.ts", import.meta.url), { type: "module" });
    } catch {
      return resolve(undefined);
    }
    const end = (inventory: Inventory | undefined): void => {
      signal?.removeEventListener("abort", stop);
      worker.terminate();
      resolve(inventory);
    };
    const stop = (): void => {
      worker.terminate();
      reject(signal!.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
    worker.onmessage = ({ data }: MessageEvent<InventoryReport>) => {
      if ("error" in data) return end(undefined);
      for (const link of data.links) meetLink(`${store.location}/${link}`);
      end(unpack(data));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      end(undefined);
    };
    const order: InventoryOrder = { location: store.location, cache: store.cache, fresh };
    worker.postMessage(order);
  });
}

function isLarge(cache: string | undefined): boolean {
  if (cache === undefined || navigator.hardwareConcurrency < 2) return false;
  try {
    const [folder, name] = DerivedFolder.of(cache);
    return (folder.lstat(name)?.size ?? 0) >= MIN_BYTES_FOR_WORKER;
  } catch {
    return false;
  }
}
