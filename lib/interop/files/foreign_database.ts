import { DatabaseSync } from "node:sqlite";
import { DamageError, messageOf } from "../../base/errors.ts";
import { copyDatabase } from "./database_copy.ts";

/** A cell as it is read: some texts are bytes; {@linkcode textOf} gives them as what they are. */
export type Cell = null | number | string | Uint8Array;

/** Rows that are read at once. */
const CHUNK = 2000;

/** A cell longer than this is not read: no tool writes one, and a hostile file could fill the memory. */
const MAX_CELL = 256 * 1024 * 1024;

/** Rows of a table that were read together, or rows that cannot be read. */
export type Chunk =
  | { readonly rows: readonly Row[] }
  | { readonly lost: { readonly from: number; readonly to: number | undefined; readonly why: string } };

/** The rowid, and the cells in the order in which the columns were asked for. */
export type Row = readonly [rowid: number, ...cells: Cell[]];

/** A database of SQLite that another tool wrote, read from a copy. */
export class ForeignDatabase implements Disposable {
  readonly #db: DatabaseSync;

  /** `copy`: a database that only this process uses. */
  constructor(copy: string) {
    this.#db = new DatabaseSync(copy);
    this.#db.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -16000");
  }

  /**
   * Opens a copy of a database, made in a folder for files of a moment.
   *
   * @throws {DamageError} Where it is not a database.
   */
  static async open(path: string, scratch: string, signal?: AbortSignal): Promise<ForeignDatabase> {
    const copy = await copyDatabase(path, scratch, signal);
    let database: ForeignDatabase | undefined;
    try {
      database = new ForeignDatabase(copy);
      database.columns("sqlite_master");
      return database;
    } catch (error) {
      database?.[Symbol.dispose]();
      throw new DamageError(`Cannot read "${path}": ${messageOf(error)}`);
    }
  }

  /** The columns of a table that are stored; none where there is no such table. A view is not a table: it could compute anything. */
  columns(table: string): ReadonlySet<string> {
    const kind = this.#db.prepare("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) as
      | { sql: string }
      | undefined;
    if (kind === undefined || /^\s*CREATE\s+VIRTUAL/i.test(kind.sql)) return new Set();
    const columns = this.#db.prepare("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0").all(table);
    return new Set(columns.map(({ name }) => String(name)));
  }

  /**
   * The rows of a table behind a rowid, in their order, in chunks. What a damaged page holds is passed over and said; a column that
   * is not there is null.
   */
  *rows(table: string, columns: readonly string[], after = -Infinity): Generator<Chunk> {
    const there = this.columns(table);
    if (there.size === 0) return;
    const cells = columns.map((name) => there.has(name) ? cell(name) : "NULL");
    const from = `FROM ${quoted(table)} WHERE rowid > ? ORDER BY rowid LIMIT ?`;
    const statement = this.#db.prepare(`SELECT ${["rowid", ...cells].join(", ")} ${from}`);
    (statement as unknown as { setReturnArrays(on: boolean): void }).setReturnArrays(true);
    let last = Math.max(after, -Number.MAX_SAFE_INTEGER);
    let count = CHUNK;
    while (true) {
      let rows: Row[];
      try {
        rows = statement.all(last, count) as unknown as Row[];
      } catch (error) {
        if (count > 1) {
          count = Math.ceil(count / 10);
          continue;
        }
        const next = this.#nextReadable(statement, last);
        yield { lost: { from: last + 1, to: next === undefined ? undefined : next - 1, why: messageOf(error) } };
        if (next === undefined) return;
        last = next - 1;
        count = CHUNK;
        continue;
      }
      if (rows.length > 0) yield { rows };
      if (rows.length < count) return;
      last = rows[rows.length - 1][0];
    }
  }

  /** All rows of a small table; `onLost` is called for those that cannot be read. */
  *allRows(table: string, columns: readonly string[], onLost: (lost: string) => void): Generator<Row> {
    for (const chunk of this.rows(table, columns)) {
      if ("rows" in chunk) yield* chunk.rows;
      else onLost(`rows ${chunk.lost.from} to ${chunk.lost.to ?? "the end"} of ${table}: ${chunk.lost.why}`);
    }
  }

  /** The row with a rowid; undefined where there is none, or it cannot be read. */
  row(table: string, columns: readonly string[], rowid: number): Row | undefined {
    for (const chunk of this.rows(table, columns, rowid - 1)) {
      return "rows" in chunk && chunk.rows[0][0] === rowid ? chunk.rows[0] : undefined;
    }
  }

  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close();
  }

  /** The first rowid behind one that can be read, where the rows in between cannot. */
  #nextReadable(statement: ReturnType<DatabaseSync["prepare"]>, last: number): number | undefined {
    const first = (behind: number): number | undefined | false => {
      try {
        return (statement.all(behind, 1) as unknown as Row[])[0]?.[0];
      } catch {
        return false;
      }
    };
    let low = last;
    let gap = 1;
    let found = first(last + gap);
    while (found === false) {
      low = last + gap;
      gap *= 2;
      if (!Number.isSafeInteger(last + gap)) return undefined;
      found = first(last + gap);
    }
    let high = last + gap;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const at = first(middle);
      if (at === false) low = middle;
      else [high, found] = [middle, at];
    }
    return found;
  }
}

/** The text of a cell, undefined where it is null. */
export function textOf(cell: Cell): string | undefined {
  if (cell === null) return undefined;
  return typeof cell === "object" ? decoder.decode(cell) : String(cell);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * A column as it is read: an integer that a number cannot hold as its digits, and a text with U+0000 as bytes, since the
 * runtime ends texts there.
 */
function cell(name: string): string {
  const column = quoted(name);
  const kept = (value: string, length: string): string =>
    `CASE WHEN ${length} > ${MAX_CELL} THEN NULL ELSE ${value} END`;
  const text = `CASE WHEN instr(${column}, char(0)) = 0 THEN ${column} ELSE CAST(${column} AS BLOB) END`;
  // Some tools keep JSON as a blob; a brace is worth looking for the end of a text.
  const blob = `CASE WHEN ${column} >= x'7b' AND ${column} < x'7c' AND instr(${column}, x'00') = 0 ` +
    `THEN CAST(${column} AS TEXT) ELSE ${column} END`;
  const range = `${column} BETWEEN ${-Number.MAX_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`;
  return `CASE typeof(${column}) WHEN 'real' THEN ${column} ` +
    `WHEN 'integer' THEN CASE WHEN ${range} THEN ${column} ELSE CAST(${column} AS TEXT) END ` +
    `WHEN 'text' THEN ${kept(text, `octet_length(${column})`)} ` +
    `WHEN 'blob' THEN ${kept(blob, `length(${column})`)} END`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
