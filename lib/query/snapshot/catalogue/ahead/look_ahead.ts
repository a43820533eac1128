import type { Depth } from "../../../../repo/cache/listing_cache.ts";
import { RunCell } from "../segment/layout.ts";
import type { Segment } from "../segment/segment.ts";
import type { Ahead, Looked } from "./looked.ts";
import { CHUNK, emptyLooks, type Looks, Seen, Turn, UNSEEN } from "./looks.ts";

/** Fewer folders and logs are looked at in less time than a worker takes to start. */
const MIN_FILES_FOR_WORKER = 60_000;

const MAX_WORKERS = 4;

/** A message to a worker. */
export interface LookOrder {
  /** The file of the catalogue, an absolute path, and its bytes. */
  readonly path: string;
  readonly bytes: number;
  readonly root: string;
  readonly depth: Depth;
  readonly looks: Looks;
  /** Milliseconds since the Unix epoch: the folder of an experiment whose notes changed later is not as the file says. Default: any. */
  readonly notesUntil?: number;
}

/**
 * Looks at the folders and logs of the experiments of a file of the catalogue in further threads, while this one goes through
 * them from the first on. Good for one listing: what was seen is as old as its start at most.
 */
export class Prefetcher implements Looked, Ahead {
  readonly #looks: Looks;
  readonly #firstLog: Int32Array;
  readonly #workers: Worker[] = [];

  private constructor(readonly segment: Segment, root: string, depth: Depth, workers: number) {
    // They start while this thread reads the file.
    for (let at = 0; at < workers; at++) {
      const worker = new Worker(new URL("./look_worker.ts", import.meta.url), { type: "module" });
      worker.onerror = (event) => event.preventDefault(); // This thread looks itself.
      this.#workers.push(worker);
    }
    try {
      const { experiments, runs } = segment.head;
      this.#firstLog = depth === "logs" || depth === "all" ? segment.firstLogs : new Int32Array(runs + 1);
      this.#looks = emptyLooks(experiments, runs, this.#firstLog[runs]);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
    const order: LookOrder = { path: segment.file.path, bytes: segment.bytes, root, depth, looks: this.#looks };
    for (const worker of this.#workers) worker.postMessage(order);
  }

  /**
   * Undefined where no further thread is worth it. Throws `DamagedFile`.
   *
   * @param root The absolute path of the repository. @param worth From so many folders and logs on it is worth it.
   */
  static begin(segment: Segment, root: string, depth: Depth, worth = MIN_FILES_FOR_WORKER): Prefetcher | undefined {
    const workers = Math.min(MAX_WORKERS, navigator.hardwareConcurrency - 1);
    if (workers < 1 || !areMany(segment, depth, worth)) return undefined;
    return new Prefetcher(segment, root, depth, workers);
  }

  of(segment: Segment): Looked | undefined {
    return segment === this.segment ? this : undefined;
  }

  /** Whether an experiment, by its row, was seen to be as the file says; else this thread has to look. */
  isStill(row: number): boolean {
    const { turns, experiments } = this.#looks;
    if (this.isDone(row)) return experiments[row] !== 0;
    Atomics.compareExchange(turns, Math.floor(row / CHUNK), Turn.Free, Turn.Own);
    return false;
  }

  /** Whether another thread has looked at an experiment. */
  isDone(row: number): boolean {
    return Atomics.load(this.#looks.turns, Math.floor(row / CHUNK)) === Turn.Done;
  }

  /** The same of the folder of its runs. */
  hasRuns(row: number): boolean {
    return this.isDone(row) && (this.#looks.experiments[row] & Seen.Runs) !== 0;
  }

  /** Whether a run, by its row, of an experiment of which `hasRuns` was said, was seen to be as the file says. */
  isRunStill(run: number): boolean {
    return this.#looks.runs[run] === 1;
  }

  /** What was seen of a log of such a run, by its place among the names. */
  log(run: number, at: number): { readonly size: number; readonly modifiedAt: number } | undefined {
    const log = this.#firstLog[run] + at;
    const size = this.#looks.sizes[log];
    return size === UNSEEN ? undefined : { size, modifiedAt: this.#looks.times[log] };
  }

  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

/** Whether so many folders and logs will be looked at. */
function areMany(segment: Segment, depth: Depth, worth: number): boolean {
  const { experiments, runs } = segment.head;
  let looks = depth === "experiments" ? experiments : 2 * experiments;
  if (looks >= worth) return true;
  if (depth === "experiments" || depth === "runs") return false;
  const { firstLogs } = segment;
  for (let run = 0; run < runs; run++) {
    const isClosed = segment.runCell(run, RunCell.Closed) >= 0;
    if (!isClosed || depth === "all") looks += 1 + firstLogs[run + 1] - firstLogs[run];
  }
  return looks >= worth;
}
