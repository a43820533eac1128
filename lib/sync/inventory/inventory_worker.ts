// A worker that takes the inventory of one folder, while another one is looked at.
import { messageOf } from "../../base/errors.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { FileEntry } from "../../store/store.ts";
import { type InventoryOrder, type InventoryReport, pack } from "./inventory_job.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<InventoryOrder>) => void) | null;
  postMessage(message: InventoryReport): void;
};

scope.onmessage = async ({ data: { location, cache, fresh } }) => {
  try {
    const entries: FileEntry[] = [];
    const store = new LocalStore(location, { cache });
    for await (const batch of store.listFiles({ fresh })) entries.push(...batch);
    scope.postMessage({ ...pack(entries), links: store.links });
  } catch (error) {
    scope.postMessage({ error: messageOf(error) });
  }
};
