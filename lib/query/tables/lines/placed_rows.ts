import { type Batch, BATCH_ROWS, type Vector } from "../../vectors/vector.ts";
import type { Value } from "../../values/value.ts";
import type { CompiledCondition } from "../conditions.ts";
import { gather } from "../../vectors/gather.ts";
import { placeColumn } from "../levels.ts";
import type { EntityTable } from "../entities/entities.ts";
import type { Scan } from "../scan.ts";
import { vectorOfValues } from "../../vectors/value_vector.ts";

/** The rows of a batch that meet a condition. */
export function rowsThatMeet(batch: Batch, condition: CompiledCondition | undefined): Batch {
  const rows = condition?.select(batch);
  if (rows === undefined) return batch;
  return { count: rows.length, columns: batch.columns.map((column) => gather(column, rows)) };
}

/** The columns of a scan that say what a row belongs to, with a row for each experiment or log; the others are undefined. */
export function entityVectors(scan: Scan, place: EntityTable): Promise<(Vector | undefined)[]> {
  return Promise.all(
    scan.columns.map((column) => placeColumn(column) === undefined ? undefined : scan.placeVector(column, place)),
  );
}

/** Collects rows of a small table, value by value, into batches that meet the conditions. */
export class PlacedRows {
  readonly #condition: CompiledCondition | undefined;
  #places: number[] = [];
  #rows: Readonly<Record<string, Value>>[] = [];

  private constructor(readonly scan: Scan, readonly vectors: readonly (Vector | undefined)[]) {
    this.#condition = scan.compiled(scan.conditions("rows"));
  }

  static async of(scan: Scan, place: EntityTable): Promise<PlacedRows> {
    return new PlacedRows(scan, await entityVectors(scan, place));
  }

  /** Takes a row. `place`: the number of its experiment or log. */
  add(place: number, row: Readonly<Record<string, Value>>): void {
    this.#places.push(place);
    this.#rows.push(row);
  }

  get isFull(): boolean {
    return this.#rows.length >= BATCH_ROWS;
  }

  /** Gives what it has, and starts again. */
  *take(): Generator<Batch> {
    const { report } = this.scan.options;
    const [rows, places] = [this.#rows, Int32Array.from(this.#places)];
    [this.#rows, this.#places] = [[], []];
    if (report !== undefined) report.rows += rows.length;
    const columns = this.vectors.map((vector, at) => {
      if (vector !== undefined) return gather(vector, places);
      const { column } = this.scan.columns[at];
      return vectorOfValues(rows.map((row) => row[column] ?? null));
    });
    const batch = rowsThatMeet({ count: rows.length, columns }, this.#condition);
    if (batch.count > 0) yield batch;
  }
}
