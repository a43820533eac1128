import type { KnownLogs } from "../../index/state/indexed_logs.ts";
import type { LogIndex } from "../../index/log_index.ts";
import type { ClosedLogs } from "../../repo/cache/listing_cache.ts";

const MIN_CACHED_PLACES = 10_000;

/** Finds what the files of an index hold of closed runs: as it was kept by the numbers of logs, else by their paths. */
export class ClosedPlaces {
  /** What the files hold, by which logs have their numbers. */
  readonly held: KnownLogs;
  #numbering: ClosedLogs["numbering"];
  /** The numbers of last parts by the numbers of logs; -1: not looked up yet. */
  #last: Int32Array | undefined;
  /** How many were looked up by their paths. */
  #lookedUp = 0;

  /** `worth`: of fewer logs it is not kept where they are. */
  constructor(readonly index: LogIndex, readonly worth = MIN_CACHED_PLACES) {
    this.held = index.held;
  }

  /**
   * The number, among `held` of the index, of a log of a closed run; undefined: it is not there.
   *
   * @param at Its number in the numbering.
   */
  find(numbering: ClosedLogs["numbering"], at: number, pathOf: () => string): number | undefined {
    if (numbering !== this.#numbering) this.#open(numbering);
    const last = numbering === this.#numbering ? this.#last : undefined;
    const known = last?.[at] ?? -1;
    if (known >= 0 && known < this.held.end) return known;
    const found = this.held.find(pathOf());
    if (last !== undefined && found !== undefined) {
      last[at] = found;
      this.#lookedUp++;
    }
    return found;
  }

  /** Turns to the numbers of a file that knows many logs: there is one such file at most. */
  #open(numbering: ClosedLogs["numbering"]): void {
    if (numbering === undefined || numbering.logs < this.worth || this.#numbering !== undefined) return;
    this.#numbering = numbering;
    this.#last = this.index.places(numbering)?.slice() ?? new Int32Array(numbering.logs).fill(-1);
  }

  /** Keeps what was looked up, where that is much. */
  keep(): void {
    if (this.#lookedUp >= this.worth / 10) this.index.keepPlaces(this.#numbering!, this.#last!);
  }
}
