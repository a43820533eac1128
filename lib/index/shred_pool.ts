import { LocalStore } from "../store/local.ts";
import type { Store } from "../store/store.ts";
import type { IndexFiles } from "./index_files.ts";
import { FileShredding, type News, type SentNews } from "./shred_job.ts";
import { type Lot, ShredWorker } from "./shred_worker_handle.ts";

/** What opening and describing a log costs, as bytes that are read. */
const COST_OF_LOG = 8 * 1024;
/** A lot is closed when it costs so much. */
const COST_OF_LOT = 1024 * 1024;
/** A worker has so much to do at hand: much while this thread is busy listing, little while both take from what is left. */
const AT_HAND = { before: 64 * COST_OF_LOT, atEnd: 4 * COST_OF_LOT };
/** Less than this is not worth a worker, which takes its time to start. */
const WORTH_A_WORKER = 32 * 1024 * 1024;
const MOST_WORKERS = 8;

/**
 * Reads logs into packs by this thread and others, while more logs are still found. The packs are not published. A worker that
 * fails leaves its logs to this thread.
 */
export class ShredPool implements Disposable {
  readonly #workers: ShredWorker[] = [];
  readonly #lots: Lot[] = [];
  #waiting = 0;
  #open: News[] = [];
  #openCost = 0;
  #atHand = AT_HAND.before;

  /**
   * @param send Makes what can be sent to a worker.
   * @param onBytes Told of bytes that were read.
   */
  constructor(
    readonly store: Store,
    readonly files: IndexFiles,
    readonly send: (news: News) => SentNews,
    readonly onBytes: (bytes: number) => void,
    readonly signal?: AbortSignal,
  ) {}

  /** Takes logs. They are read by workers until `finish`. */
  add(news: readonly News[]): void {
    for (const item of news) {
      this.#open.push(item);
      this.#openCost += costOf(item);
      if (this.#openCost >= COST_OF_LOT) this.#close();
    }
    if (this.#waiting >= WORTH_A_WORKER && this.#workers.length === 0) this.#start(1);
    this.#feed();
  }

  /** Lets workers be heard, so that they get more to do. */
  async turn(): Promise<void> {
    if (this.#workers.length > 0) await new Promise((resolve) => setTimeout(resolve));
  }

  /** Reads what is left; the names of all packs. */
  async finish(): Promise<string[]> {
    this.#close();
    this.#atHand = AT_HAND.atEnd;
    this.#lots.sort((a, b) => a.cost - b.cost);
    this.#start(Math.floor(this.#waiting / WORTH_A_WORKER) - 1 - this.#workers.length);
    const own = new FileShredding(this.store, this.files, this.signal);
    this.#feed();
    for (let lot = this.#take(); lot !== undefined; lot = this.#take()) {
      this.onBytes(await own.read(lot.news));
      await this.turn();
    }
    const ends = await this.#unlessAborted(Promise.all(this.#workers.map((worker) => worker.end())));
    const packs: string[] = [];
    for (const [at, ended] of ends.entries()) {
      if (ended !== undefined) packs.push(...ended);
      else for (const { news } of this.#workers[at].lots) await own.read(news);
    }
    return [...packs, ...own.end()];
  }

  async #unlessAborted<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    if (signal === undefined) return await work;
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
    try {
      signal.throwIfAborted();
      return await Promise.race([work, promise]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #close(): void {
    if (this.#open.length === 0) return;
    this.#lots.push({ news: this.#open, cost: this.#openCost });
    this.#waiting += this.#openCost;
    [this.#open, this.#openCost] = [[], 0];
  }

  #start(count: number): void {
    const { store } = this;
    const room = Math.min(MOST_WORKERS, navigator.hardwareConcurrency) - 1 - this.#workers.length;
    for (let turn = 0; turn < Math.min(count, room) && store instanceof LocalStore; turn++) {
      try {
        this.#workers.push(new ShredWorker(store, this.files, this.onBytes, () => this.#feed()));
      } catch {
        return; // There can be none.
      }
    }
  }

  #feed(): void {
    for (const worker of this.#workers) {
      while (!worker.hasFailed && worker.waiting < this.#atHand) {
        const lot = this.#take();
        if (lot === undefined) return;
        worker.give(lot, lot.news.map(this.send));
      }
    }
  }

  #take(): Lot | undefined {
    const lot = this.#lots.pop();
    if (lot !== undefined) this.#waiting -= lot.cost;
    return lot;
  }

  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker[Symbol.dispose]();
  }
}

function costOf({ log, start }: News): number {
  return COST_OF_LOG + log.size - start.from;
}
