// A worker that reads logs into packs, beside others that do so for other logs.
import { messageOf } from "../../base/errors.ts";
import { DiskLogs } from "./log_bytes.ts";
import { IndexFiles } from "../state/index_files.ts";
import { FileParsing, type ParseOrder, type ParseReport, received, type SentNews, SharedLots } from "./parse_job.ts";

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<ParseOrder>) => void) | null;
  postMessage(message: ParseReport): void;
};

let parsing: FileParsing | undefined;
/** Lots that are begun, or taken back, by their numbers. */
let begun: Int32Array<SharedArrayBuffer> | undefined;
/** Earlier messages are handled first. */
let before: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  before = before.then(() => follow(data)).catch((error) => scope.postMessage({ error: messageOf(error) }));
};

async function follow(order: ParseOrder): Promise<void> {
  if ("location" in order) {
    parsing = new FileParsing(new DiskLogs(order.location), new IndexFiles(order.folder), Infinity);
    begun = order.begun;
  } else if ("news" in order) {
    // It may have been taken back.
    if (Atomics.compareExchange(begun!, order.number, 0, 1) === 0) await read(order.news);
  } else {
    const shared = new SharedLots(order.taken);
    for (let lot = shared.take(order.as); lot !== undefined; lot = shared.take(order.as)) await read(order.lots[lot]);
    scope.postMessage({ packs: parsing!.end() });
  }
}

async function read(news: readonly SentNews[]): Promise<void> {
  scope.postMessage({ bytes: await parsing!.read(news.map(received)) });
}
