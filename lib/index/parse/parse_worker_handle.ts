import type { LocalStore } from "../../store/local/local_store.ts";
import type { IndexFiles } from "../state/index_files.ts";
import type { ParseOrder, ParseReport, PendingLog, SentNews } from "./parse_job.ts";

/** Logs that are read together. */
export interface LogBatch {
  readonly news: readonly PendingLog[];
  /** About what it costs to read them, in bytes. */
  readonly cost: number;
}

/** So many lots can be given to a worker. */
const MAX_BATCHES = 10_000;

/** A worker that reads lots of logs into packs. */
export class ParseWorker implements Disposable {
  /** What it was given, for the case that it fails. */
  readonly lots: LogBatch[] = [];
  readonly #worker: Worker;
  /** By the number of a lot, whether it was begun, or taken back. */
  readonly #begun = new Int32Array(new SharedArrayBuffer(4 * MAX_BATCHES));
  #done = 0;
  #waiting = 0;
  readonly #ended = Promise.withResolvers<readonly string[] | undefined>();
  hasFailed = false;

  /**
   * `onBytes`: called with the number of bytes that were read. `onRoom`: called when a batch is done. Throws if no
   * worker can be started.
   */
  constructor(store: LocalStore, files: IndexFiles, onBytes: (bytes: number) => void, onRoom: () => void) {
    this.#worker = new Worker(new URL("./parse_worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<ParseReport>) => {
      if ("packs" in data) return this.#ended.resolve(data.packs);
      if ("error" in data) return this.#fail();
      if (this.#done < this.lots.length) this.#waiting -= this.lots[this.#done++].cost;
      onBytes(data.bytes);
      onRoom();
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail();
    };
    this.#post({ location: store.location, folder: files.folder, begun: this.#begun });
  }

  /** Whether it can be given lots that cost so much together. */
  hasRoom(most: number): boolean {
    return !this.hasFailed && this.#waiting < most && this.lots.length < MAX_BATCHES;
  }

  give(lot: LogBatch, news: readonly SentNews[]): void {
    const number = this.lots.push(lot) - 1;
    this.#waiting += lot.cost;
    this.#post({ news, number });
  }

  /** Takes back the lots that it has not begun. */
  takeBack(): LogBatch[] {
    let left = this.lots.length;
    while (left > 0 && Atomics.compareExchange(this.#begun, left - 1, 0, 1) === 0) left--;
    return this.lots.splice(left);
  }

  /** Has it take from what is left, and then write its packs: their names; undefined where it failed. `as`: its number. */
  async finish(
    lots: readonly (readonly SentNews[])[],
    taken: Int32Array<SharedArrayBuffer>,
    as: number,
  ): Promise<readonly string[] | undefined> {
    if (!this.hasFailed) this.#post({ lots, taken, as });
    return await this.#ended.promise;
  }

  #fail(): void {
    this.hasFailed = true;
    this.#ended.resolve(undefined);
  }

  #post(order: ParseOrder): void {
    this.#worker.postMessage(order);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
    this.#ended.resolve(undefined);
  }
}
