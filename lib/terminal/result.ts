import type { RowsFormat, RowValue } from "../base/rows/rows_text.ts";
import type { Colour, Piece } from "./colours.ts";
import type { Output } from "./output.ts";

/** How a result is to be printed. */
export interface PrintStyle {
  /** `table` is what people read: lines of text, or a table. */
  readonly format: "table" | RowsFormat;
  /** Only these fields, in this order; undefined for all. */
  readonly fields?: readonly string[];
  /** Whether a table begins with the names of its columns. */
  readonly header: boolean;
  /** Of rows only the first field, without a header; of a record nothing. */
  readonly quiet: boolean;
  /** Whether texts in csv and tsv are kept from becoming formulas of a spreadsheet. */
  readonly safe: boolean;
}

/** Rows of values, such as the answer of a query. */
export interface RowsResult {
  readonly kind: "rows";
  /** What the values of a row are called. */
  readonly fields: readonly string[];
  readonly chunks: Chunks<readonly RowValue[]>;
  /** How a table shows a value; default: exactly, and NULL as a word. */
  readonly show?: (field: string, value: RowValue) => string;
  readonly colour?: (field: string, text: string) => Colour | undefined;
  /** The option that chooses columns, which a table names where not all of them fit, and a refused field. */
  readonly chosenBy?: string;
  /** What people read below a table. */
  readonly foot?: string;
  /** Said on stderr in the place of a table without rows. */
  readonly empty?: string;
  /** Where the rows go, if not to stdout. */
  readonly out?: Output;
  /** Called when all is printed, or could not be. */
  readonly close?: () => void;
}

/** Objects of one shape, such as the tokens of a repository. */
export interface ListResult<Item extends object = object> {
  readonly kind: "list";
  /** Its keys that machines get, the one that names an item first. */
  readonly fields: readonly (keyof Item & string)[];
  readonly items: Iterable<Item> | AsyncIterable<Item>;
  /** The columns of a table. Without these and `line`, people have read all of it while it was done. */
  readonly columns?: readonly Column<Item>[];
  /** Where there is no table: the line for an item. */
  readonly line?: (item: Item) => readonly Piece[];
  /** Said on stderr in the place of a table without rows. */
  readonly empty?: string;
  /** Called when all is printed. Returns the exit code, and what people read below the rows. */
  readonly end?: () => { readonly exitCode: number; readonly line?: string };
}

/** A column of a table. */
export interface Column<Item> {
  readonly head: string;
  readonly text: (item: Item) => string;
  readonly colour?: (text: string) => Colour | undefined;
}

/** One object, such as a report of what was done. */
export interface RecordResult {
  readonly kind: "record";
  /** What machines get. */
  readonly record: Readonly<Record<string, unknown>>;
  /** Writes what people read; nothing where that was said already. */
  readonly text?: (out: Output) => void;
  /** Where it goes, if not to stdout. */
  readonly out?: Output;
  readonly exitCode?: number;
}

/** What a command has found or done: one description, of which text, JSON, CSV and the like are made. */
export type Result = RowsResult | ListResult | RecordResult;

/** Rows in arrays, as they come. */
export type Chunks<Row> = Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>;

/** A result whose items have a type of their own. */
export function listResult<Item extends object>(list: Omit<ListResult<Item>, "kind">): ListResult {
  return { kind: "list", ...list } as unknown as ListResult;
}

/** A result that is one object. */
export function recordResult(
  record: Readonly<Record<string, unknown>>,
  more: Omit<RecordResult, "kind" | "record"> = {},
): RecordResult {
  return { kind: "record", record, ...more };
}
