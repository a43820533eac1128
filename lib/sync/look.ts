import { type BulkStore, inventoryMap } from "../store/bulk.ts";
import { LocalStore } from "../store/local.ts";
import { type InventoryOrder, type InventoryReport, unpack } from "./inventory_job.ts";
import type { Inventory } from "./plan.ts";
import type { Side } from "./transfer.ts";

/** Bytes of what an earlier inventory kept from which on a second thread is worth its start. */
const WORTH_A_WORKER = 256 * 1024;

/** Takes both inventories at the same time; one from afar is asked only for what differs from the other one. */
export async function look(first: BulkStore, second: BulkStore, signal?: AbortSignal): Promise<Side[]> {
  const side = (store: BulkStore, inventory: Inventory): Side => ({ store, inventory });
  if (second.capabilities.remote) {
    const near = await inventoryMap(first, { signal });
    return [side(first, near), side(second, await inventoryMap(second, { signal, known: near }))];
  }
  if (first.capabilities.remote) {
    const near = await inventoryMap(second, { signal });
    return [side(first, await inventoryMap(first, { signal, known: near })), side(second, near)];
  }
  const beside = inWorker(second, signal);
  const near = await inventoryMap(first, { signal });
  return [side(first, near), side(second, await beside ?? await inventoryMap(second, { signal }))];
}

/** The inventory of a large folder, taken by another thread; undefined where it is not large, or there can be none. */
function inWorker(store: BulkStore, signal?: AbortSignal): Promise<Inventory | undefined> {
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
    worker.onmessage = ({ data }: MessageEvent<InventoryReport>) => end("error" in data ? undefined : unpack(data));
    worker.onerror = (event) => {
      event.preventDefault();
      end(undefined);
    };
    const order: InventoryOrder = { location: store.location, cache: store.cache };
    worker.postMessage(order);
  });
}

function isLarge(cache: string | undefined): boolean {
  if (cache === undefined || navigator.hardwareConcurrency < 2) return false;
  try {
    return Deno.statSync(cache).size >= WORTH_A_WORKER;
  } catch {
    return false;
  }
}
