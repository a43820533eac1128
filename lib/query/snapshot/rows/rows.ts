import type { JsonObject } from "../../../base/json.ts";
import type { PartRef } from "../../../index/state/indexed_logs.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import type { ExperimentRow, LogRow, RunRow, Source } from "./row_types.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";

/** Rows by their numbers. What is made for one is made when it is first asked for, and then kept. */
export abstract class Rows<Row> implements Iterable<Row> {
  abstract readonly length: number;

  /** `number`: from 0 to before `length`. */
  abstract at(number: number): Row;

  *[Symbol.iterator](): Generator<Row> {
    for (let number = 0; number < this.length; number++) yield this.at(number);
  }

  map<To>(of: (row: Row, number: number) => To): To[] {
    const all = new Array<To>(this.length);
    for (let number = 0; number < all.length; number++) all[number] = of(this.at(number), number);
    return all;
  }

  flatMap<To>(of: (row: Row, number: number) => readonly To[]): To[] {
    return this.map(of).flat() as To[];
  }

  filter(isWanted: (row: Row) => boolean): Row[] {
    const wanted: Row[] = [];
    for (const row of this) if (isWanted(row)) wanted.push(row);
    return wanted;
  }

  some(isSo: (row: Row) => boolean): boolean {
    for (const row of this) if (isSo(row)) return true;
    return false;
  }

  every(isSo: (row: Row) => boolean): boolean {
    return !this.some((row) => !isSo(row));
  }
}

/** The experiments of a snapshot. */
export abstract class ExperimentRows extends Rows<ExperimentRow> {
  #numbers: ReadonlyMap<string, number> | undefined;

  /** What a row says, for which none is made. */
  abstract idOf(number: number): string;
  abstract createdAt(number: number): number;
  abstract params(number: number): JsonObject;
  /** Whether all are known to stand in one folder: then no two have the same id, which is the name of a folder. */
  abstract standTogether(): boolean;

  ids(): string[] {
    return Array.from({ length: this.length }, (_, number) => this.idOf(number));
  }

  /** The number of the last experiment that has an id; no more rows may come afterwards. */
  numberOf(id: string): number | undefined {
    this.#numbers ??= new Map(this.ids().map((id, number) => [id, number]));
    return this.#numbers.get(id);
  }
}

/** Its runs, in the order of the experiments. */
export abstract class RunRows extends Rows<RunRow> {
  /** The number of the experiment of each. */
  abstract readonly owners: Int32Array;

  /** What a row says, for which none is made. */
  abstract idOf(number: number): string;
  abstract statusOf(number: number): RunStatus | undefined;

  ids(): string[] {
    return Array.from({ length: this.length }, (_, number) => this.idOf(number));
  }
}

/** Its logs, in the order of the runs. */
export abstract class LogRows extends Rows<LogRow> {
  /** The number of the run of each. */
  abstract readonly owners: Int32Array;

  /** What a row says, for which none is made. */
  abstract hasPoints(number: number): boolean;
  abstract parts(number: number): readonly PartRef[] | undefined;
  abstract times(number: number): LogRow["times"];
  abstract sourceOf(number: number): Source;
  /** The repositories that they are of. */
  abstract sources(): Iterable<Source>;
  abstract bytesOf(number: number): number;
  /** Whether the index has exactly the lines that the snapshot shows. */
  abstract isIndexed(number: number): boolean;
  /** The packs that hold the logs; some may hold only what was known of logs earlier. */
  abstract packs(): Iterable<Pack>;
}
