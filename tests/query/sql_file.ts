import type { CurveSelector } from "../../lib/query/curves/curve.ts";
import type { QueryInput } from "../../lib/query/list/shorthand.ts";
import type { QueryValue } from "../../lib/query/query.ts";

/** A query with its answer, as `tests/sql/README.md` describes it. */
export interface SqlCase {
  readonly name: string;
  readonly asked: QueryInput;
  /** Curves that are asked for instead. */
  readonly curves?: CurveSelector;
  readonly params: Record<string, QueryValue | boolean>;
  readonly rows: readonly QueryValue[][];
  readonly columns?: readonly string[];
  readonly executor?: string;
  readonly error?: string;
  readonly at?: number;
  /** Columns, from 0, whose values differ from place to place. */
  readonly ignored: ReadonlySet<number>;
  readonly isOrdered: boolean;
}

/** The cases of a file. Throws with the line where it does not read. */
export function parseSqlFile(text: string, file: string): SqlCase[] {
  const cases: SqlCase[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    if (!line.startsWith("-- ")) {
      if (line !== "" && !line.startsWith("#")) throw new Error(`${file}:${at + 1}: expected "-- " and a name`);
      at++;
      continue;
    }
    let end = at + 1;
    while (end < lines.length && !lines[end].startsWith("-- ") && !lines[end].startsWith("# ")) end++;
    try {
      cases.push(parseCase(line.slice(3), lines.slice(at + 1, end)));
    } catch (error) {
      throw new Error(`${file}:${at + 1}: ${(error as Error).message}`);
    }
    at = end;
  }
  return cases;
}

function parseCase(name: string, lines: readonly string[]): SqlCase {
  const said: Record<string, string> = {};
  const params: Record<string, QueryValue | boolean> = {};
  const sql: string[] = [];
  const rows: QueryValue[][] = [];
  let isRow = false;
  for (const line of lines) {
    const [, key, value] = /^(executor|param|columns|error|at|ask|curves|ignore): (.*)$/.exec(line) ?? [];
    if (key === "param") {
      const [, of, json] = /^(\w+) = (.*)$/.exec(value)!;
      params[of] = JSON.parse(json);
    } else if (key !== undefined) said[key] = value;
    else if (line === "=>") isRow = true;
    else if (line === "") continue;
    else if (isRow) rows.push(parseRow(line));
    else sql.push(line);
  }
  const asked: QueryInput = said.ask === undefined ? counted(sql.join("\n")) : JSON.parse(said.ask);
  const curves: CurveSelector | undefined = said.curves === undefined ? undefined : JSON.parse(said.curves);
  if (said.error === undefined && !isRow) throw new Error("there is neither => nor error:");
  return {
    name,
    asked,
    curves,
    params,
    rows,
    columns: said.columns?.split(", "),
    executor: said.executor,
    error: said.error,
    at: said.at === undefined ? undefined : Number(said.at),
    ignored: new Set((said.ignore ?? "").split(",").filter(Boolean).map((column) => Number(column) - 1)),
    isOrdered: typeof asked === "string" ? /ORDER BY [^)]*$/s.test(asked) : asked.sort !== undefined,
  };
}

/** `{1..3}` stands for `1, 2, 3`. */
function counted(sql: string): string {
  return sql.replace(
    /\{(\d+)\.\.(\d+)\}/g,
    (_, from: string, to: string) =>
      Array.from({ length: Number(to) - Number(from) + 1 }, (_, at) => Number(from) + at).join(", "),
  );
}

const CELL = /\s*(?:'((?:[^']|'')*)'|x'([0-9a-f]*)'|(NULL)|(nan|-?inf)|(-?[\d.]+(?:e[+-]?\d+)?))\s*(\||$)/y;

function parseRow(line: string): QueryValue[] {
  const row: QueryValue[] = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < line.length) {
    const found = CELL.exec(line);
    if (found === null) throw new Error(`cannot read the row ${line}`);
    const [, text, hex, isNull, special, number] = found;
    if (text !== undefined) row.push(text.replaceAll("''", "'").replaceAll("\\n", "\n").replaceAll("\\0", "\0"));
    else if (hex !== undefined) row.push(Uint8Array.fromHex(hex));
    else if (isNull !== undefined) row.push(null);
    else if (special !== undefined) row.push(Number(special.replace("inf", "Infinity")));
    else row.push(Number.isSafeInteger(Number(number)) || /[.e]/.test(number) ? Number(number) : BigInt(number));
    if (found[6] === "") break;
  }
  return row;
}
