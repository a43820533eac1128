import { LocalStore } from "../../store/local/local_store.ts";
import type { Store } from "../../store/store.ts";
import type { IndexFiles } from "../state/index_files.ts";
import { FileParsing, type PendingLog, type SentNews, SharedLots } from "./parse_job.ts";
import { type LogBatch, ParseWorker } from "./parse_worker_handle.ts";

/** What opening and describing a log costs, as bytes that are read. */
const COST_OF_LOG = 8 * 1024;
const MAX_WORKERS = 8;
/** A lot is closed when it costs so much. */
const COST_OF_LOT = 1024 * 1024;
/** A worker has so much to do at hand while this thread is busy listing. */
const AT_HAND = 64 * COST_OF_LOT;
/** So often this thread hears of others and of signals while it reads, in milliseconds. */
const TURN_MS = 100;
/** The number of this thread. */
const OWN = MAX_WORKERS;
/** Less than this is not worth a worker, which takes its time to start. */
const MIN_BYTES_FOR_WORKER = 32 * 1024 * 1024;

/**
 * Reads logs into packs by this thread and others, while more logs are still found. The packs are not published. A worker that
 * fails leaves its logs to this thread.
 */
export class ParsePool implements Disposable {
  readonly #workers: ParseWorker[] = [];
  readonly #lots: LogBatch[] = [];
  #waiting = 0;
  #open: PendingLog[] = [];
  #openCost = 0;

  /**
   * @param send Makes what can be sent to a worker.
   * @param onBytes Called with the number of bytes that were read.
   */
  constructor(
    readonly store: Store,
    readonly files: IndexFiles,
    readonly send: (news: PendingLog) => SentNews,
    readonly onBytes: (bytes: number) => void,
    readonly signal?: AbortSignal,
  ) {}

  /** Takes logs. They are read by workers until `finish`. */
  add(news: readonly PendingLog[]): void {
    for (const item of news) {
      this.#open.push(item);
      this.#openCost += costOf(item);
      if (this.#openCost >= COST_OF_LOT) this.#close();
    }
    if (this.#waiting >= MIN_BYTES_FOR_WORKER && this.#workers.length === 0) this.#start(1);
    this.#feed();
  }

  /** Lets workers be heard, so that they get more to do. */
  async turn(): Promise<void> {
    if (this.#workers.length > 0) await new Promise((resolve) => setTimeout(resolve));
  }

  /** Reads what is left; the names of all packs. */
  async finish(): Promise<string[]> {
    this.#close();
    const back = this.#workers.flatMap((worker) => worker.takeBack());
    const lots = [...this.#lots.splice(0), ...back].sort((a, b) => b.cost - a.cost);
    this.#waiting = lots.reduce((sum, { cost }) => sum + cost, 0);
    this.#start(Math.floor(this.#waiting / MIN_BYTES_FOR_WORKER) - 1 - this.#workers.length);
    const shared = SharedLots.of(lots.length);
    const sent = this.#workers.length === 0 ? [] : lots.map(({ news }) => news.map(this.send));
    const others = this.#workers.map((worker, at) => worker.finish(sent, shared.taken, at));
    const own = new FileParsing(this.store, this.files, this.#waiting, { signal: this.signal });
    let heard = performance.now();
    for (let lot = shared.take(OWN); lot !== undefined; lot = shared.take(OWN)) {
      this.onBytes(await own.read(lots[lot].news));
      if (performance.now() - heard < TURN_MS) continue;
      await this.turn();
      heard = performance.now();
    }
    const ends = await this.#unlessAborted(Promise.all(others));
    const packs: string[] = [];
    for (const [at, ended] of ends.entries()) {
      if (ended !== undefined) {
        packs.push(...ended);
        continue;
      }
      const given = [...this.#workers[at].lots, ...shared.takenBy(at).map((lot) => lots[lot])];
      for (const { news } of given) await own.read(news);
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
    const room = Math.min(MAX_WORKERS, navigator.hardwareConcurrency) - 1 - this.#workers.length;
    for (let turn = 0; turn < Math.min(count, room) && store instanceof LocalStore; turn++) {
      try {
        this.#workers.push(new ParseWorker(store, this.files, this.onBytes, () => this.#feed()));
      } catch {
        return; // There can be none.
      }
    }
  }

  #feed(): void {
    for (const worker of this.#workers) {
      while (worker.hasRoom(AT_HAND)) {
        const lot = this.#take();
        if (lot === undefined) return;
        worker.give(lot, lot.news.map(this.send));
      }
    }
  }

  #take(): LogBatch | undefined {
    const lot = this.#lots.pop();
    if (lot !== undefined) this.#waiting -= lot.cost;
    return lot;
  }

  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker[Symbol.dispose]();
  }
}

function costOf({ log, start }: PendingLog): number {
  return COST_OF_LOG + log.size - start.from;
}
