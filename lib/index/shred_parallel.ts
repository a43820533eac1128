import type { LocalStore } from "../store/local.ts";
import type { IndexFiles } from "./index_files.ts";
import { type News, sendable, type ShredOrder, type ShredReport, shredToFiles } from "./shred_job.ts";

/** Fewer bytes are not worth a worker, which takes its time to start. */
const WORTH_A_WORKER = 32 * 1024 * 1024;
const MOST_WORKERS = 8;
/** About so many bytes the others read while a worker starts. */
const WORKER_START = 16 * 1024 * 1024;

/** How many threads read logs of so many bytes. */
export function threadsFor(bytes: number): number {
  return Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency, Math.floor(bytes / WORTH_A_WORKER)));
}

/** The same as `shredToFiles`, in several threads. A worker that fails leaves its logs to this thread. */
export async function shredInParallel(
  store: LocalStore,
  files: IndexFiles,
  news: readonly News[],
  threads: number,
  keysOf: (news: News) => Iterable<readonly [pattern: string, path: string]>,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string[]> {
  const [own, ...others] = lotsOf(news, threads);
  const workers = others.map((lot) => {
    const order: ShredOrder = {
      location: store.location,
      folder: files.folder,
      news: lot.map((item) => ({ log: item.log, start: sendable(item.start, keysOf(item)) })),
    };
    return { lot, ended: inWorker(order, onBytes, signal) };
  });
  const packs = await shredToFiles(store, files, own, onBytes, signal);
  for (const { lot, ended } of workers) {
    packs.push(...await ended ?? await shredToFiles(store, files, lot, () => {}, signal));
  }
  return packs;
}

/** Lots that take nearly as long, the first of them by this thread: the greatest log first, each to the lot that has least. */
function lotsOf(news: readonly News[], count: number): News[][] {
  const lots = Array.from({ length: count }, (_, at) => ({ news: [] as News[], bytes: at === 0 ? 0 : WORKER_START }));
  const size = ({ log, start }: News) => log.size - start.from;
  for (const item of news.toSorted((a, b) => size(b) - size(a))) {
    const least = lots.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    least.news.push(item);
    least.bytes += size(item);
  }
  return lots.map((lot) => lot.news);
}

/** The packs of a worker; undefined where there can be none, or it failed. */
function inWorker(
  order: ShredOrder,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  return new Promise((resolve, reject) => {
    let worker: Worker;
    try {
      worker = new Worker(new URL("./shred_worker.ts", import.meta.url), { type: "module" });
    } catch {
      return resolve(undefined);
    }
    const end = (packs: readonly string[] | undefined) => {
      signal?.removeEventListener("abort", stop);
      worker.terminate();
      resolve(packs);
    };
    const stop = () => {
      worker.terminate();
      reject(signal!.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
    worker.onmessage = ({ data }: MessageEvent<ShredReport>) => {
      if ("bytes" in data) onBytes(data.bytes);
      else end("packs" in data ? data.packs : undefined);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      end(undefined);
    };
    worker.postMessage(order);
  });
}
