// A worker that purges in one folder, while the server goes on.
import { messageOf } from "../../base/errors.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { PurgeOrder, PurgeReport } from "./purge_thread.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<PurgeOrder>) => void) | null;
  postMessage(message: PurgeReport): void;
};

scope.onmessage = async ({ data: { location, cache, ids, objects } }) => {
  try {
    scope.postMessage(await new LocalStore(location, { cache }).purge(ids, { objects }));
  } catch (error) {
    scope.postMessage({ error: messageOf(error) });
  }
};
