import type { SeriesRow } from "../index/series_table.ts";
import { childrenOf, type Expression } from "./ast.ts";
import { BulkInsert } from "./sqlite/bulk_insert.ts";
import type { Cell } from "./result/cell.ts";
import { openDatabase } from "./sqlite/database.ts";
import { addFunctions } from "./sqlite/functions.ts";
import { NotCovered } from "./parse_select.ts";
import type { ColumnSpec } from "./tables/schema.ts";

/** A column that is the same for all points of a series. */
export interface Dimension {
  /** Its type in SQLite; parts of JSON have none. */
  readonly type: ColumnSpec[1];
  readonly cell: (row: SeriesRow) => Cell;
}

/** What the columns and parameters of a query are. */
export interface DimensionScope {
  /** Undefined where the expression is no such column. */
  dimension(expression: Expression): Dimension | undefined;
  parameter(name: string): Cell | bigint;
  /** The text of the query, in which the expressions stand. */
  readonly sql: string;
}

/**
 * The values of expressions for each of some series, an array an expression. A column, and a column compared with a
 * literal of its own kind, are computed here; anything else by SQLite, over a table with a row a series.
 */
export function evaluateDimensions(
  expressions: readonly Expression[],
  rows: readonly SeriesRow[],
  scope: DimensionScope,
): Cell[][] {
  const results: Cell[][] = [];
  const rest: number[] = [];
  expressions.forEach((expression, at) => {
    const own = compileDimension(expression, scope);
    if (own === undefined) rest.push(at);
    else results[at] = rows.map(own);
  });
  if (rest.length > 0) {
    const others = bySqlite(rest.map((at) => expressions[at]), rows, scope);
    rest.forEach((at, index) => results[at] = others[index]);
  }
  return results;
}

/** Whether a value lets a row through WHERE. */
export function isTrue(cell: Cell): boolean {
  if (typeof cell === "string") return parseFloat(cell) !== 0 && !Number.isNaN(parseFloat(cell));
  return cell !== null && cell !== 0;
}

/** A function of a series, for an expression that needs no SQLite; undefined for any other. */
export function compileDimension(
  expression: Expression,
  scope: DimensionScope,
): ((row: SeriesRow) => Cell) | undefined {
  const column = scope.dimension(expression);
  if (column !== undefined) return column.cell;
  const literal = literalOf(expression, scope);
  if (literal !== undefined) return () => literal;
  if (expression.kind === "binary") return comparison(expression.op, expression.left, expression.right, scope);
  if (expression.kind !== "in" || expression.not) return undefined;
  const tests = expression.items.map((item) => comparison("=", expression.operand, item, scope));
  if (tests.length === 0 || tests.includes(undefined)) return undefined;
  return (row) => {
    let result: Cell = 0;
    for (const test of tests) {
      const one = test!(row);
      if (one === 1) return 1;
      if (one === null) result = null;
    }
    return result;
  };
}

function literalOf(expression: Expression, scope: DimensionScope): string | number | undefined {
  if (expression.kind === "number" || expression.kind === "text") return expression.value;
  if (expression.kind !== "parameter") return undefined;
  const value = scope.parameter(expression.name);
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

const TESTS: Readonly<Record<string, (a: number | string, b: number | string) => boolean>> = {
  "=": (a, b) => a === b,
  "<>": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** A column compared with a literal of its own kind, where no conversion comes in between. */
function comparison(
  op: string,
  left: Expression,
  right: Expression,
  scope: DimensionScope,
): ((row: SeriesRow) => Cell) | undefined {
  const column = scope.dimension(left);
  const literal = literalOf(right, scope);
  const test = TESTS[op];
  if (column === undefined || literal === undefined || test === undefined) return undefined;
  const { type, cell } = column;
  if (typeof literal === "string") {
    // Texts are in order as bytes, which JavaScript's order is not quite: only equality is taken.
    if (type === "INTEGER" || type === "REAL" || (op !== "=" && op !== "<>")) return undefined;
    return (row) => {
      const value = cell(row);
      return value === null ? null : test(value, literal) ? 1 : 0;
    };
  }
  if (type === "TEXT") return undefined;
  return (row) => {
    const value = cell(row);
    if (value === null) return null;
    // Every text is greater than every number.
    if (typeof value === "string") return op === ">" || op === ">=" || op === "<>" ? 1 : 0;
    return test(value, literal) ? 1 : 0;
  };
}

function bySqlite(expressions: readonly Expression[], rows: readonly SeriesRow[], scope: DimensionScope): Cell[][] {
  using db = openDatabase();
  addFunctions(db);
  const columns: Dimension[] = [];
  const texts = expressions.map((expression) =>
    splice(scope.sql, expression, (part) => {
      const column = scope.dimension(part);
      return column === undefined ? undefined : `c${columns.push(column) - 1}`;
    })
  );
  const definitions = columns.map(({ type }, at) => `c${at} ${type}`);
  db.exec(`CREATE TABLE _rows (${["id INTEGER PRIMARY KEY", ...definitions].join(", ")}); BEGIN`);
  const insert = new BulkInsert(db, "_rows", 1 + columns.length);
  rows.forEach((row, at) => insert.add(at, ...columns.map(({ cell }) => cell(row))));
  insert.flush();
  try {
    const statement = db.prepare(`SELECT ${texts.join(", ")} FROM _rows ORDER BY id`);
    statement.setReturnArrays(true);
    const found = statement.all(bindingsIn(expressions, scope)) as unknown as Cell[][];
    return expressions.map((_, at) => found.map((row) => row[at]));
  } catch (error) {
    // SQLite says it better of the query as it was written.
    throw new NotCovered(String(error));
  }
}

function bindingsIn(expressions: readonly Expression[], scope: DimensionScope): Record<string, Cell | bigint> {
  const bound: Record<string, Cell | bigint> = {};
  const visit = (expression: Expression): void => {
    if (expression.kind === "parameter") bound[expression.name] = scope.parameter(expression.name);
    for (const child of childrenOf(expression)) visit(child);
  };
  expressions.forEach(visit);
  return bound;
}

/** The text of an expression in which some parts are replaced. */
export function splice(
  sql: string,
  expression: Expression,
  replace: (part: Expression) => string | undefined,
): string {
  const pieces: string[] = [];
  let at = expression.start;
  const visit = (part: Expression): void => {
    const by = replace(part);
    if (by === undefined) return childrenOf(part).forEach(visit);
    pieces.push(sql.slice(at, part.start), by);
    at = part.end;
  };
  visit(expression);
  return pieces.join("") + sql.slice(at, expression.end);
}
