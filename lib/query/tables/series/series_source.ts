import { Pack } from "../../../index/pack/pack.ts";
import { ReplacedLogs } from "../../snapshot/rows/replaced_logs.ts";
import type { LogRows } from "../../snapshot/rows/rows.ts";
import type { LogRow, Snapshot } from "../../snapshot/snapshot.ts";
import { SeriesTable } from "./series_table.ts";
import type { ReadOptions } from "../../plan/table_reader.ts";

/** Of which share of the logs the table of all series is made rather than one of theirs alone. */
const MAX_SELECTED_SHARE = 0.5;

/** The series of the logs of a snapshot. */
export class SeriesSource {
  #all: SeriesTable | undefined;
  /** The logs with too many series for the index, taken apart in memory. */
  readonly #left = new Map<number, LogRow>();

  constructor(readonly snapshot: Snapshot) {}

  /**
   * A table with the series of some logs (their numbers, ascending), or of all. It may have those of other logs as well:
   * `isAll` says so.
   */
  async of(
    chosen: Int32Array | undefined,
    options: ReadOptions,
  ): Promise<{ readonly table: SeriesTable; readonly isAll: boolean }> {
    const { logs } = this.snapshot;
    const isMost = chosen === undefined || chosen.length > logs.length * MAX_SELECTED_SHARE;
    if (isMost && this.#all !== undefined) return { table: this.#all, isAll: true };
    const left = leftOf(logs, chosen);
    if (isMost && (chosen === undefined || left.length === 0 && leftOf(logs, undefined).length === 0)) {
      this.#all = new SeriesTable(await this.#withLeft(left, options));
      return { table: this.#all, isAll: true };
    }
    return { table: new SeriesTable(await this.#withLeft(left, options), chosen), isAll: false };
  }

  /** The logs, in which some that the index left out have their series. */
  async #withLeft(left: readonly number[], options: ReadOptions): Promise<LogRows> {
    const { logs } = this.snapshot;
    if (left.length === 0) return logs;
    const whole = new Map<number, LogRow>();
    for (const number of left) {
      let log = this.#left.get(number);
      if (options.report !== undefined) (options.report.unindexed ??= new Set()).add(logs.at(number).file.path);
      if (log === undefined) {
        log = await wholeLog(logs.at(number), options);
        this.#left.set(number, log);
      }
      whole.set(number, log);
    }
    return new ReplacedLogs(logs, whole);
  }
}

function leftOf(logs: LogRows, chosen: Int32Array | undefined): number[] {
  const isLeft = (number: number) => logs.hasPoints(number) && logs.parts(number) === undefined;
  if (chosen !== undefined) return [...chosen].filter(isLeft);
  const left: number[] = [];
  for (let number = 0; number < logs.length; number++) if (isLeft(number)) left.push(number);
  return left;
}

/** A log with all of its series, read from its start. */
async function wholeLog(log: LogRow, { signal, report }: ReadOptions): Promise<LogRow> {
  const { LogParsing, PackBuilder } = await import("../../../index/update/parse_pending.ts");
  const builder = new PackBuilder();
  const { store } = log.run.run.experiment.repository;
  const parsing = new LogParsing(store, () => builder, signal, Infinity);
  await parsing.log(log.file, { from: 0, lines: 0, tail: 0, base: () => 0 }, (bytes) => {
    if (report !== undefined) report.bytes += bytes;
  });
  const pack = Pack.inMemory(builder);
  const parts = Array.from({ length: pack.directory.parts.length }, (_, part) => ({ pack, part }));
  const { run, name, points, file, times } = log;
  return { run, name, points, file, parts, times };
}
