import type { BulkResult } from "./bulk_job.ts";
import type { BulkOrder, BulkReport } from "./bulk_worker.ts";

/** Another thread that reads experiments. */
export class BulkThread implements Disposable {
  readonly #worker: Worker;
  readonly #ended = Promise.withResolvers<BulkResult | undefined>();

  /** Throws where there can be none. */
  constructor(order: BulkOrder) {
    this.#worker = new Worker(new URL("./bulk_worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<BulkReport>) => {
      this.#ended.resolve("error" in data ? undefined : data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#ended.resolve(undefined);
    };
    this.#worker.postMessage(order);
  }

  /** What it has made; undefined where it failed. Rejects when the signal aborts. */
  async result(signal?: AbortSignal): Promise<BulkResult | undefined> {
    const stop = () => this.#ended.reject(signal!.reason);
    signal?.addEventListener("abort", stop);
    try {
      signal?.throwIfAborted();
      return await this.#ended.promise;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
    this.#ended.resolve(undefined);
  }
}
