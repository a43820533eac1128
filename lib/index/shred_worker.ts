// A worker that reads logs into packs, beside others that do so for other logs.
import { messageOf } from "../base/errors.ts";
import { LocalStore } from "../store/local.ts";
import { IndexFiles } from "./index_files.ts";
import { received, type ShredOrder, type ShredReport, shredToFiles } from "./shred_job.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<ShredOrder>) => void) | null;
  postMessage(message: ShredReport): void;
};

scope.onmessage = async ({ data: { location, folder, news } }) => {
  try {
    const all = news.map(({ log, start }) => ({ log, start: received(start) }));
    const onBytes = (bytes: number) => scope.postMessage({ bytes });
    const packs = await shredToFiles(new LocalStore(location), new IndexFiles(folder), all, onBytes);
    scope.postMessage({ packs });
  } catch (error) {
    scope.postMessage({ error: messageOf(error) });
  }
};
