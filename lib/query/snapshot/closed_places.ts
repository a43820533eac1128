import { type KnownLogs, MAX_SCANS } from "../../index/state/indexed_logs.ts";
import type { LogIndex } from "../../index/log_index.ts";
import type { ClosedLogs } from "../../repo/cache/listing_cache.ts";

const MIN_CACHED_PARTS = 10_000;

type Numbering = NonNullable<ClosedLogs["numbering"]>;

/** Finds what the files of an index hold of closed runs: as it was kept by the numbers of logs, else by their paths. */
export class ClosedPlaces {
  /** What the files hold, by which logs have their numbers. */
  readonly held: KnownLogs;
  /** By the files of numberings: the numbers of last parts by the numbers of logs; -1: not looked up yet. */
  readonly #all = new Map<string, Int32Array>();
  /** Those of the numbering that was asked for last. */
  #numbering: Numbering | undefined;
  #last: Int32Array | undefined;
  /** How many were looked up by their paths. */
  #lookedUp = 0;

  /** `worth`: where the files hold fewer parts, it is not kept where logs are. */
  constructor(readonly index: LogIndex, readonly worth = MIN_CACHED_PARTS) {
    this.held = index.held;
  }

  /** The same as `find`, as far as it is at hand. */
  known(numbering: Numbering, at: number): number | undefined {
    if (numbering !== this.#numbering) return undefined;
    const known = this.#last![at];
    return known >= 0 && known < this.held.end ? known : undefined;
  }

  /**
   * The number, among `held` of the index, of a log of a closed run; undefined: it is not there.
   *
   * @param at Its number in the numbering.
   */
  find(numbering: ClosedLogs["numbering"], at: number, pathOf: () => string): number | undefined {
    if (numbering === undefined || this.held.end < this.worth) return this.held.find(pathOf());
    if (numbering !== this.#numbering) this.#open(numbering);
    const last = this.#last!;
    const known = last[at];
    if (known >= 0 && known < this.held.end) return known;
    const found = this.held.find(pathOf());
    if (found !== undefined) {
      last[at] = found;
      this.#lookedUp++;
    }
    return found;
  }

  #open(numbering: Numbering): void {
    const { file, logs } = numbering;
    let last = this.#all.get(file);
    if (last === undefined) {
      last = this.index.places(numbering)?.slice() ?? new Int32Array(logs).fill(-1);
      this.#all.set(file, last);
    }
    [this.#numbering, this.#last] = [numbering, last];
  }

  /** Keeps what was looked up, where that is much. */
  keep(): void {
    if (this.#lookedUp > MAX_SCANS && this.index.held === this.held) this.index.keepPlaces(this.#all);
  }
}
