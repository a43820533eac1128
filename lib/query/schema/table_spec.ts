/** A column of a table: its name, its type in SQLite (empty: any), and what it holds. */
export type ColumnSpec = readonly [name: string, type: "TEXT" | "INTEGER" | "REAL" | "", help: string];

/** A table that queries read. */
export interface TableSpec {
  readonly name: string;
  readonly help: string;
  readonly columns: readonly ColumnSpec[];
  /** The columns of JSON whose parts are columns too: `params` makes `params.lr` one. */
  readonly families: readonly string[];
  /**
   * Columns that `*` does not show, and that give way to a column of that name of another table of the FROM. A family among
   * them is one by `hiddenFamilies`.
   */
  readonly hidden?: readonly ColumnSpec[];
  readonly hiddenFamilies?: readonly string[];
  /**
   * Whether `"min:loss"` and the like, with a name of `STATISTICS` before the colon and the name of a series behind
   * it, are hidden columns: a statistic over all runs of the experiment.
   */
  readonly hasStatistics?: boolean;
}
