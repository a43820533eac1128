import type { Pack } from "../../../index/pack/pack.ts";
import { type Batch, BATCH_ROWS } from "../../vectors/vector.ts";
import type { CompiledCondition } from "../conditions.ts";
import { batchOf, PointBuffer, type PointSource } from "./buffer.ts";
import { PointPruning } from "./prune.ts";
import { PointReader } from "./reader.ts";
import { NOTHING, type Scan } from "../scan.ts";
import type { SeriesTable } from "../series/series_table.ts";
import { type Window, windowsOf } from "../series/windows.ts";
import { SharedSelections } from "./shared_selections.ts";

/** Points of one series that are worth a batch of their own: its columns are then not copied. */
const LONG = BATCH_ROWS / 4;
/** A batch of one series has at most so many rows. */
const MAX_BATCH_ROWS = BATCH_ROWS * 2;

/** Reads points of some series, in the order of these. */
export class PointScan {
  readonly #reader: PointReader;
  readonly #pruning: PointPruning;
  readonly #condition: CompiledCondition | undefined;
  readonly #shared: SharedSelections;
  /** Points of short series before they are tested, and what few were left of longer ones. */
  readonly #tested: PointBuffer;
  readonly #untested: PointBuffer;

  /**
   * @param series Rows of the table.
   * @param names The columns of points that are read, which `sources` have by number.
   */
  constructor(
    readonly scan: Scan,
    readonly table: SeriesTable,
    readonly series: Int32Array,
    readonly names: readonly string[],
    readonly sources: readonly PointSource[],
  ) {
    const conditions = scan.conditions("rows");
    this.#reader = new PointReader(table, series, names);
    this.#pruning = new PointPruning(conditions, scan.columns);
    this.#condition = scan.compiled(conditions);
    this.#shared = new SharedSelections(scan, names);
    this.#tested = new PointBuffer(names.length);
    this.#untested = new PointBuffer(names.length);
  }

  /** The points that meet the conditions. */
  async *batches(): AsyncGenerator<Batch> {
    const pruning = this.#pruning;
    const skips = pruning.isIdle ? () => false : (pack: Pack, at: number) => pruning.excludes(pack, at);
    for (const window of windowsOf(this.table, this.series, Math.max(1, this.names.length), skips)) {
      this.#reader.load(window);
      for (const batch of this.#window(window)) {
        yield batch;
        await this.scan.yielder.checkpoint();
      }
      await this.scan.yielder.checkpoint();
      this.#reader.trim();
    }
    yield* this.#flushUntested();
    yield* this.#flushTested();
  }

  *#window({ rows, packs, at }: Window): Generator<Batch> {
    const { report } = this.scan.options;
    for (let part = 0; part < rows.length; part++) {
      let { from, to } = this.#pruning.rows(packs[part], at[part]);
      if (report !== undefined) report.rows += to - from;
      if (from === to) continue;
      const columns = this.#reader.columns(rows[part], packs[part], at[part]);
      if (to - from >= LONG) {
        const some = this.#shared.rows(packs[part], at[part], columns);
        if (some !== undefined) {
          yield* this.#some(rows[part], columns, some);
          continue;
        }
        yield* this.#flushUntested();
        for (; from < to; from += MAX_BATCH_ROWS) {
          yield* this.#long(rows[part], columns, from, Math.min(to, from + MAX_BATCH_ROWS));
        }
        continue;
      }
      while (from < to) {
        const end = Math.min(to, from + this.#untested.room);
        this.#untested.add(rows[part], columns, from, end);
        from = end;
        if (this.#untested.room === 0) yield* this.#flushUntested();
      }
    }
  }

  *#long(row: number, columns: readonly Float64Array[], from: number, to: number): Generator<Batch> {
    yield* this.#test(row, columns.map((column) => slice(column, from, to)), to - from);
  }

  /** Points of one series that may meet the conditions. */
  *#some(row: number, columns: readonly Float64Array[], rows: Int32Array): Generator<Batch> {
    if (rows.length > this.#untested.room) yield* this.#flushUntested();
    if (rows.length <= LONG) return this.#untested.addSome(row, columns, rows);
    yield* this.#flushUntested();
    for (let from = 0; from < rows.length; from += MAX_BATCH_ROWS) {
      const some = rows.subarray(from, from + MAX_BATCH_ROWS);
      yield* this.#test(row, columns.map((column) => gathered(column, some)), some.length);
    }
  }

  *#flushUntested(): Generator<Batch> {
    if (this.#untested.count === 0) return;
    const { series, columns } = this.#untested.take();
    yield* this.#test(series, columns, series.length);
  }

  *#flushTested(): Generator<Batch> {
    if (this.#tested.count === 0) return;
    const { series, columns } = this.#tested.take();
    yield batchOf(this.sources, series, columns, series.length);
  }

  /** Gives those of some points that meet the conditions; few of them are collected. */
  *#test(series: number | Int32Array, columns: readonly Float64Array[], count: number): Generator<Batch> {
    const kept = this.#select(series, columns, count);
    if (kept === undefined) {
      yield* this.#flushTested();
      yield batchOf(this.sources, series, columns, count);
      return;
    }
    if (kept.length === 0) return;
    if (kept.length > this.#tested.room) yield* this.#flushTested();
    if (kept.length <= LONG) return this.#tested.addSome(series, columns, kept);
    yield* this.#flushTested();
    const some = columns.map((column) => gathered(column, kept));
    yield batchOf(this.sources, typeof series === "number" ? series : gatheredInts(series, kept), some, kept.length);
  }

  #select(series: number | Int32Array, columns: readonly Float64Array[], count: number): Int32Array | undefined {
    const condition = this.#condition;
    if (condition === undefined) return undefined;
    const sources = this.sources.map((source, at): PointSource =>
      condition.inputs.has(at) ? source : { kind: "series", vector: NOTHING }
    );
    return condition.select(batchOf(sources, series, columns, count));
  }
}

function slice(column: Float64Array, from: number, to: number): Float64Array {
  return from === 0 && to === column.length ? column : column.subarray(from, to);
}

function gathered(column: Float64Array, rows: Int32Array): Float64Array {
  const some = new Float64Array(rows.length);
  for (let at = 0; at < some.length; at++) some[at] = column[rows[at]];
  return some;
}

function gatheredInts(column: Int32Array, rows: Int32Array): Int32Array {
  const some = new Int32Array(rows.length);
  for (let at = 0; at < some.length; at++) some[at] = column[rows[at]];
  return some;
}
