import type { JsonObject } from "../../../base/json.ts";
import type { PartRef } from "../../../index/state/indexed_logs.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import type { ExperimentRow, LogRow, RunRow, Source } from "./row_types.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";
import { ExperimentRows, LogRows, RunRows } from "./rows.ts";

/** Rows that are there, as those of a snapshot. */
export function rowsOf(all: {
  readonly experiments: readonly ExperimentRow[];
  readonly runs: readonly RunRow[];
  readonly logs: readonly LogRow[];
}): { readonly experiments: ExperimentRows; readonly runs: RunRows; readonly logs: LogRows } {
  const { experiments, runs, logs } = all;
  return {
    experiments: new ExperimentArray(experiments),
    runs: new RunArray(runs, numbersOf(runs, experiments, ({ exp }) => exp)),
    logs: new LogArray(logs, numbersOf(logs, runs, ({ run }) => run)),
  };
}

class ExperimentArray extends ExperimentRows {
  constructor(readonly rows: readonly ExperimentRow[]) {
    super();
  }

  get length(): number {
    return this.rows.length;
  }

  at(number: number): ExperimentRow {
    return this.rows[number];
  }

  idOf(number: number): string {
    return this.rows[number].experiment.id;
  }

  createdAt(number: number): number {
    return this.rows[number].experiment.createdAt;
  }

  params(number: number): JsonObject {
    return this.rows[number].experiment.params;
  }

  standTogether(): boolean {
    return this.rows.length < 2;
  }
}

class RunArray extends RunRows {
  constructor(readonly rows: readonly RunRow[], readonly owners: Int32Array) {
    super();
  }

  get length(): number {
    return this.rows.length;
  }

  at(number: number): RunRow {
    return this.rows[number];
  }

  idOf(number: number): string {
    return this.rows[number].run.id;
  }

  statusOf(number: number): RunStatus | undefined {
    return this.rows[number].status;
  }
}

class LogArray extends LogRows {
  constructor(readonly rows: readonly LogRow[], readonly owners: Int32Array) {
    super();
  }

  get length(): number {
    return this.rows.length;
  }

  at(number: number): LogRow {
    return this.rows[number];
  }

  hasPoints(number: number): boolean {
    return this.rows[number].points;
  }

  parts(number: number): readonly PartRef[] | undefined {
    return this.rows[number].parts;
  }

  times(number: number): LogRow["times"] {
    return this.rows[number].times;
  }

  sourceOf(number: number): Source {
    return this.rows[number].run.exp.source;
  }

  sources(): Iterable<Source> {
    return new Set(this.rows.map(({ run }) => run.exp.source));
  }

  bytesOf(number: number): number {
    return this.rows[number].file.size;
  }

  isIndexed(number: number): boolean {
    return isIndexed(this.rows[number]);
  }

  packs(): Iterable<Pack> {
    return new Set(this.rows.flatMap(({ parts = [] }) => parts.map(({ pack }) => pack)));
  }
}

/** Whether the index has exactly the lines that a row shows of a log. */
export function isIndexed({ parts, file }: LogRow): boolean {
  const last = parts?.at(-1);
  if (last === undefined) return false;
  const { size, modifiedAt } = last.pack.directory.parts;
  return size[last.part] === file.size && modifiedAt[last.part] === file.modifiedAt;
}

/** The number of the row that each row belongs to. Rows stand in the order of those. */
function numbersOf<Row, Of extends object>(
  rows: readonly Row[],
  all: readonly Of[],
  of: (row: Row) => Of,
): Int32Array {
  const numbers = new Int32Array(rows.length);
  let number = 0;
  for (let at = 0; at < numbers.length; at++) {
    const wanted = of(rows[at]);
    while (number < all.length && all[number] !== wanted) number++;
    if (number === all.length) number = all.indexOf(wanted);
    numbers[at] = number;
  }
  return numbers;
}
