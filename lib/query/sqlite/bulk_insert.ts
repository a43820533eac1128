import type { Cell } from "../result/cell.ts";
import type { SqlDatabase, SqlStatement } from "./database.ts";

/** Rows that one statement takes: several times faster than one by one. */
const ROWS = 100;

/** Puts rows into a table. What was added is in the table after `flush`. */
export class BulkInsert {
  readonly #many: SqlStatement;
  readonly #one: SqlStatement;
  readonly #cells: Cell[] = [];
  rows = 0;

  constructor(db: SqlDatabase, table: string, readonly columns: number) {
    const marks = `(${Array(columns).fill("?").join(", ")})`;
    this.#one = db.prepare(`INSERT INTO ${table} VALUES ${marks}`);
    const rows = Math.max(1, Math.min(ROWS, Math.floor(30_000 / columns)));
    this.#many = db.prepare(`INSERT INTO ${table} VALUES ${Array(rows).fill(marks).join(", ")}`);
    this.#full = rows * columns;
  }

  readonly #full: number;

  /** Adds a row, cell by cell, in the order of the columns. */
  add(...cells: readonly Cell[]): void {
    for (let i = 0; i < cells.length; i++) this.#cells.push(cells[i]);
    this.rows++;
    if (this.#cells.length < this.#full) return;
    this.#many.run(...this.#cells);
    this.#cells.length = 0;
  }

  flush(): void {
    for (let at = 0; at < this.#cells.length; at += this.columns) {
      this.#one.run(...this.#cells.slice(at, at + this.columns));
    }
    this.#cells.length = 0;
  }
}
