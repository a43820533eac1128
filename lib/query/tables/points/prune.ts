import type { Pack } from "../../../index/pack/pack.ts";
import { NONE } from "../../../index/pack/pack_footer.ts";
import { columnRange } from "../column_range.ts";
import { coordinateColumn, coordinateOf } from "../../schema/coordinates.ts";
import { excludes, type NumberCondition, numberConditions, rowsWithin } from "../number_conditions.ts";
import { mayBeTrue, type NumberRange } from "../may_be_true.ts";
import type { Scalar, ScanColumn } from "../../plan/plan.ts";

/** Shorter series are read sooner than thought about. */
const LONG = 256;

/** Leaves out points unread that cannot meet the conditions, by what the index says of their columns. */
export class PointPruning {
  readonly #value: readonly NumberCondition[];
  readonly #step: readonly NumberCondition[];
  readonly #ts: readonly NumberCondition[];
  readonly #idx: readonly NumberCondition[];
  readonly #coordinates: readonly { readonly at: number; readonly conditions: readonly NumberCondition[] }[];

  /** Conditions of other shapes, of which only long series are asked. */
  readonly #others: readonly Scalar[];

  /** `conditions`: those on points; `columns`: those of the scan. */
  constructor(all: readonly Scalar[], readonly columns: readonly ScanColumn[]) {
    const conditions = numberConditions(all, columns, "points");
    this.#others = all.filter((condition) => numberConditions([condition], columns, "points").length === 0);
    const of = (name: string) => conditions.filter(({ column }) => column === name);
    [this.#value, this.#step, this.#ts, this.#idx] = [of("value"), of("step"), of("ts"), of("idx")];
    this.#coordinates = [...new Set(conditions.map(({ column }) => column))].flatMap((column) => {
      const at = coordinateOf(column);
      return at === undefined ? [] : [{ at, conditions: of(column) }];
    });
  }

  /** Whether there is nothing that it could leave out. */
  get isIdle(): boolean {
    const own = this.#value.length + this.#step.length + this.#ts.length + this.#idx.length;
    return own + this.#coordinates.length + this.#others.length === 0;
  }

  /** Whether no point of a part of a series can meet the conditions. */
  excludes(pack: Pack, at: number): boolean {
    const { series, groups } = pack.directory;
    for (const condition of this.#value) if (excludes(condition, series.min[at], series.max[at])) return true;
    if (this.#idx.length > 0) {
      const [from, to] = [series.base[at], series.base[at] + series.count[at] - 1];
      for (const condition of this.#idx) if (excludes(condition, from, to)) return true;
    }
    const group = series.group[at];
    for (const { at, conditions } of this.#coordinates) {
      const column = coordinateColumn(pack, group, at);
      // Names without that coordinate have NULL.
      if (column === undefined || this.#isOutside(pack, conditions, column)) return true;
    }
    if (this.#isOutside(pack, this.#step, groups.step[group])) return true;
    if (this.#isOutside(pack, this.#ts, groups.ts[group])) return true;
    if (this.#others.length === 0 || series.count[at] < LONG) return false;
    const rangeOf = (index: number) => rangeOfPoints(pack, at, this.columns[index]);
    return this.#others.some((condition) => !mayBeTrue(condition, rangeOf));
  }

  /** The rows of a part of a series that can meet the conditions, one after the other. */
  rows(pack: Pack, at: number): { readonly from: number; readonly to: number } {
    const { series, groups } = pack.directory;
    const count = series.count[at];
    if (this.#step.length === 0 || series.rows[at] !== NONE) return { from: 0, to: count };
    const column = groups.step[series.group[at]];
    if (columnRange(pack, column)?.ascends !== true) return { from: 0, to: count };
    return rowsWithin(pack.column(column).subarray(0, count), this.#step);
  }

  #isOutside(pack: Pack, conditions: readonly NumberCondition[], column: number): boolean {
    if (conditions.length === 0) return false;
    const range = columnRange(pack, column);
    return range !== undefined && conditions.some((condition) => excludes(condition, range.from, range.to));
  }
}

/** Between what the numbers of a column of points are in a part of a series; undefined where that is not known. */
function rangeOfPoints(pack: Pack, at: number, { table, column }: ScanColumn): NumberRange | undefined {
  if (table !== "points") return undefined;
  const { series, groups } = pack.directory;
  if (column === "value") {
    const [numbers, count] = [series.numbers[at], series.count[at]];
    if (numbers === 0) return { from: Infinity, to: -Infinity, mayBeNull: true };
    return { from: series.min[at], to: series.max[at], mayBeNull: numbers < count };
  }
  if (column !== "step" && column !== "ts") return undefined;
  const range = columnRange(pack, groups[column][series.group[at]]);
  return range && { from: range.from, to: range.to, mayBeNull: false };
}
