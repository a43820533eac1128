import type { Pack } from "../../index/pack.ts";
import { NONE } from "../../index/directory.ts";
import { columnRange } from "./column_range.ts";
import { coordinateColumn, coordinateOf } from "./coordinates.ts";
import { excludes, type NumberCondition, rowsWithin } from "./number_conditions.ts";

/** Leaves out points unread that cannot meet the conditions, by what the index says of their columns. */
export class PointPruning {
  readonly #value: readonly NumberCondition[];
  readonly #step: readonly NumberCondition[];
  readonly #ts: readonly NumberCondition[];
  readonly #idx: readonly NumberCondition[];
  readonly #coordinates: readonly { readonly at: number; readonly conditions: readonly NumberCondition[] }[];

  constructor(conditions: readonly NumberCondition[]) {
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
    return own + this.#coordinates.length === 0;
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
    return this.#isOutside(pack, this.#step, groups.step[group]) || this.#isOutside(pack, this.#ts, groups.ts[group]);
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
