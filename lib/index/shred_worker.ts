// A worker that reads logs into packs, beside others that do so for other logs.
import { messageOf } from "../base/errors.ts";
import { LocalStore } from "../store/local.ts";
import { IndexFiles } from "./index_files.ts";
import { FileShredding, received, type ShredOrder, type ShredReport } from "./shred_job.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<ShredOrder>) => void) | null;
  postMessage(message: ShredReport): void;
};

let shredding: FileShredding | undefined;
/** What was told before is done first. */
let before: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  before = before.then(() => follow(data)).catch((error) => scope.postMessage({ error: messageOf(error) }));
};

async function follow(order: ShredOrder): Promise<void> {
  if ("location" in order) {
    shredding = new FileShredding(new LocalStore(order.location), new IndexFiles(order.folder));
  } else if ("news" in order) scope.postMessage({ bytes: await shredding!.read(order.news.map(received)) });
  else scope.postMessage({ packs: shredding!.end() });
}
