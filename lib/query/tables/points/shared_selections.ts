import { NONE } from "../../../index/pack/pack_footer.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import type { Vector } from "../../vectors/vector.ts";
import { inputsOf } from "../../plan/scalars.ts";
import { columnRange } from "../column_range.ts";
import type { CompiledCondition } from "../conditions.ts";
import { coordinateColumn, coordinateOf } from "../../schema/coordinates.ts";
import { levelOf } from "../levels.ts";
import { NOTHING, type Scan } from "../scan.ts";

/** Rows are chosen beforehand only where they are at most this share of all. */
const MAX_SELECTED_SHARE = 0.5;

/** A column of points of which many series have the same numbers: a pack keeps such numbers once. */
interface SharedColumn {
  readonly name: string;
  /** Which of the columns that are read it is. */
  readonly at: number;
  readonly condition: CompiledCondition;
  /** The rows of numbers that meet the condition; undefined: most. */
  readonly known: WeakMap<Float64Array, { readonly rows: Int32Array | undefined }>;
}

/**
 * Asks conditions that are about the step or a coordinate alone once, where many series have the same ones: 0, 1, 2, … mostly.
 * What it leaves out does not meet the conditions; what it gives need not meet them all.
 */
export class SharedSelections {
  readonly #columns: readonly SharedColumn[];

  constructor(readonly scan: Scan, names: readonly string[]) {
    const conditions = scan.conditions("rows");
    this.#columns = names.flatMap((name, at): SharedColumn[] => {
      if (name !== "step" && coordinateOf(name) === undefined) return [];
      const isOwn = (index: number) => levelOf(scan.columns[index]) === "rows" && scan.columns[index].column === name;
      const condition = scan.compiled(conditions.filter((it) => [...inputsOf(it)].every(isOwn)));
      return condition === undefined ? [] : [{ name, at, condition, known: new WeakMap() }];
    });
  }

  /** The rows of a part of a series that may meet the conditions; undefined: most. */
  rows(pack: Pack, series: number, columns: readonly Float64Array[]): Int32Array | undefined {
    let fewest: Int32Array | undefined;
    for (const column of this.#columns) {
      const rows = this.#rowsOf(column, pack, series, columns[column.at]);
      if (rows !== undefined && (fewest === undefined || rows.length < fewest.length)) fewest = rows;
    }
    return fewest;
  }

  #rowsOf(column: SharedColumn, pack: Pack, series: number, numbers: Float64Array): Int32Array | undefined {
    let found = column.known.get(numbers);
    if (found !== undefined) return found.rows;
    if (!isShared(column.name, pack, series, numbers)) return undefined;
    found = { rows: this.#select(column, numbers) };
    column.known.set(numbers, found);
    return found.rows;
  }

  #select({ name, condition }: SharedColumn, data: Float64Array): Int32Array | undefined {
    const own: Vector = { kind: "number", type: name === "step" ? "real" : "integer", data };
    const columns = this.scan.columns.map((_, at) => condition.inputs.has(at) ? own : NOTHING);
    const rows = condition.select({ count: data.length, columns });
    return rows !== undefined && rows.length <= data.length * MAX_SELECTED_SHARE ? rows : undefined;
  }
}

/** Whether numbers of a part of a series are those of a whole column that counts up, which other series may have too. */
function isShared(name: string, pack: Pack, at: number, numbers: Float64Array): boolean {
  const { groups, series } = pack.directory;
  const group = series.group[at];
  const column = name === "step" ? groups.step[group] : coordinateColumn(pack, group, coordinateOf(name)!);
  if (column === undefined || series.rows[at] !== NONE || pack.directory.columns.count[column] !== numbers.length) {
    return false;
  }
  return columnRange(pack, column)?.ascends === true;
}
