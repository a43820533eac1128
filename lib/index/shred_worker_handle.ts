import type { LocalStore } from "../store/local.ts";
import type { IndexFiles } from "./index_files.ts";
import type { News, SentNews, ShredOrder, ShredReport } from "./shred_job.ts";

/** Logs that are read together. */
export interface Lot {
  readonly news: readonly News[];
  /** About what it costs to read them, in bytes. */
  readonly cost: number;
}

/** A worker that reads lots of logs into packs. */
export class ShredWorker implements Disposable {
  /** What it was given, for the case that it fails. */
  readonly lots: Lot[] = [];
  readonly #worker: Worker;
  #done = 0;
  #waiting = 0;
  /** Its packs, once it was told to end; undefined where it failed. */
  readonly ended: Promise<readonly string[] | undefined>;
  #end: (packs: readonly string[] | undefined) => void = () => {};
  hasFailed = false;

  /** `onBytes`: told of bytes that were read. `onRoom`: a lot is done. Throws where there can be no worker. */
  constructor(store: LocalStore, files: IndexFiles, onBytes: (bytes: number) => void, onRoom: () => void) {
    this.#worker = new Worker(new URL("./shred_worker.ts", import.meta.url), { type: "module" });
    this.ended = new Promise((resolve) => this.#end = resolve);
    this.#worker.onmessage = ({ data }: MessageEvent<ShredReport>) => {
      if ("packs" in data) return this.#end(data.packs);
      if ("error" in data) return this.#fail();
      this.#waiting -= this.lots[this.#done++].cost;
      onBytes(data.bytes);
      onRoom();
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail();
    };
    this.#post({ location: store.location, folder: files.folder });
  }

  /** The cost of what it was given and has not done. */
  get waiting(): number {
    return this.#waiting;
  }

  give(lot: Lot, news: readonly SentNews[]): void {
    this.lots.push(lot);
    this.#waiting += lot.cost;
    this.#post({ news });
  }

  /** Has it write its packs, and gives their names; undefined where it failed. */
  async end(): Promise<readonly string[] | undefined> {
    if (!this.hasFailed) this.#post({ end: true });
    return await this.ended;
  }

  #fail(): void {
    this.hasFailed = true;
    this.#end(undefined);
  }

  #post(order: ShredOrder): void {
    this.#worker.postMessage(order);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
    this.#end(undefined);
  }
}
