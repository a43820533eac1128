import type { Point } from "../../format/events/series_key.ts";
import { isFirst, isLast } from "./rules.ts";
import { addStatistics, type Statistics, statisticsOfPoint } from "./statistics.ts";

/** Statistics of one series as they are shown. */
export interface SeriesSummary extends Readonly<Omit<Statistics, "numbers" | "sum" | "sumError">> {
  /** `train/epoch/*:loss`. */
  readonly key: string;
}

/** The statistics of a series, and the times of its first and last point. */
interface TimedStatistics {
  readonly statistics: Statistics;
  firstTime: number;
  lastTime: number;
}

/** The series of a run, point by point. Of one that several logs have, `first` and `last` are by time, as in queries. */
export class SummaryBuilder {
  readonly #all = new Map<string, TimedStatistics>();
  #log = new Map<string, TimedStatistics>();

  /** Takes a point of the log that is read. `ts`: its time; NaN if unknown. */
  add({ key, step, value }: Point, ts: number): void {
    const found = this.#log.get(key);
    if (found === undefined) {
      const statistics = statisticsOfPoint(value, step ?? 0);
      this.#log.set(key, { statistics, firstTime: ts, lastTime: ts });
      return;
    }
    addStatistics(found.statistics, statisticsOfPoint(value, step ?? found.statistics.count));
    found.lastTime = ts;
  }

  /** The log is read. */
  endLog(): void {
    for (const [key, own] of this.#log) {
      const all = this.#all.get(key);
      if (all === undefined) this.#all.set(key, own);
      else addLog(all, own);
    }
    this.#log = new Map();
  }

  /** What there is, sorted by key. */
  get series(): SeriesSummary[] {
    const all = [...this.#all].sort(([a], [b]) => (a < b ? -1 : 1));
    return all.map(([key, { statistics }]) => {
      const { numbers: _, sum: __, sumError: ___, ...shown } = statistics;
      return { key, ...shown };
    });
  }
}

function addLog(all: TimedStatistics, log: TimedStatistics): void {
  const hasFirst = isFirst(log.firstTime, all.firstTime);
  const hasLast = isLast(log.lastTime, all.lastTime);
  addStatistics(all.statistics, log.statistics, hasFirst, hasLast);
  if (hasFirst) all.firstTime = log.firstTime;
  if (hasLast) all.lastTime = log.lastTime;
}
