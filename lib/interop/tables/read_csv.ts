import { isObject } from "../../base/json.ts";
import { GrowingLines, type LinePlace } from "../files/whole_lines.ts";
import type { ForeignData, ForeignRecord, ForeignValue, ReadOptions } from "../foreign.ts";
import { valueOfCell } from "../python_text.ts";
import { setOwn } from "../../base/json.ts";
import { namesOf } from "./check_columns.ts";
import { CsvRows, separatorOf } from "./csv_rows.ts";
import type { Mapping } from "./mapping.ts";
import { type TableFile, TableRuns } from "./table_runs.ts";

/** Reads a file of comma-separated values, whose first line names the columns. */
export async function* readCsv(
  path: string,
  about: TableFile,
  mapping: Mapping,
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  const { name, missing } = about;
  const file = new GrowingLines(path, options.signal);
  const header = await file.first();
  if (header === undefined || header.trim() === "") return;
  const separator = separatorOf(header);
  const state = options.positions.get(name);
  // A writer that finds a new column writes the whole file again.
  const before = isObject(state) && state.header === header && mapping.run === undefined ? state : undefined;
  const runs = new TableRuns(about, mapping);
  const rows = new CsvRows(separator);
  const columns = namesOf(header, separator);
  const start = await file.placeOf(before);
  yield [{ type: "source", source: name, restarts: start.line === 0 }];
  if (start.line > 0) yield runs.row(await firstRow(file, columns, separator, missing)).slice(0, 1);
  let safe: LinePlace = start;
  for await (const { lines, end } of file.read(start)) {
    const records: ForeignRecord[] = [];
    for (const { text, number } of lines) {
      if (number === 1 || text.trim() === "" && !rows.isOpen) continue;
      const problem = (what: string, line: number): void =>
        void records.push({
          type: "problem",
          file: name,
          at: { unit: "line", number: line },
          what,
          advice: "it is left out",
        });
      try {
        const row = rows.push(text, number);
        if (row === undefined) continue;
        if (row.cells.length > columns.length) {
          problem(`the row has ${row.cells.length} cells, and there are ${columns.length} columns`, row.line);
        } else records.push(...runs.row(fieldsOf(row.cells, columns, missing)));
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        problem(error.message, number);
      }
    }
    if (!rows.isOpen) safe = end;
    yield records;
  }
  const end: ForeignRecord[] = [];
  if (safe.offset > start.offset) {
    end.push({ type: "position", state: { ...await file.stateOf(safe) as object, header } });
  }
  if (rows.isOpen || file.tornBytes > 0) {
    const what = rows.isOpen ? "a quote is not closed" : "the last line has no line end, so it may not be whole";
    const line = rows.isOpen ? rows.line : safe.line + 1;
    const at = { unit: "line", number: line } as const;
    end.push({ type: "problem", file: name, at, what, advice: "it is read when it is whole", isWaiting: true });
  }
  if (end.length > 0) yield end;
}

async function firstRow(
  file: GrowingLines,
  columns: readonly string[],
  separator: string,
  missing?: string,
): Promise<ForeignData> {
  const rows = new CsvRows(separator);
  for await (const { lines } of file.read({ offset: 0, line: 0 })) {
    for (const { text, number } of lines) {
      if (number === 1 || text.trim() === "" && !rows.isOpen) continue;
      const row = rows.push(text, number);
      if (row !== undefined && row.cells.length <= columns.length) return fieldsOf(row.cells, columns, missing);
    }
  }
  return {};
}

/** The values of a row by their columns; empty cells are left out. */
function fieldsOf(cells: readonly string[], columns: readonly string[], missing?: string): ForeignData {
  const fields: Record<string, ForeignValue> = {};
  for (let at = 0; at < cells.length; at++) {
    const value = cells[at] === missing ? undefined : valueOfCell(cells[at]);
    if (value !== undefined) setOwn(fields, columns[at], value);
  }
  return fields;
}
