import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { GrowingLines } from "../files/whole_lines.ts";
import type { SourceEntry } from "../files/source_files.ts";
import { parseForeignObject } from "../values.ts";
import { CsvRows, separatorOf } from "./csv_rows.ts";
import type { Mapping } from "./mapping.ts";

/** Columns that a message names. */
const MAX_NAMED = 20;

/** The columns of a file of comma-separated values, as its first line names them; undefined where there is none yet. */
export async function csvColumns({ path }: SourceEntry): Promise<readonly string[] | undefined> {
  const header = await new GrowingLines(path).first();
  if (header === undefined || header.trim() === "") return undefined;
  return namesOf(header, separatorOf(header));
}

/** The names in a first line; a column without one is called by its number. */
export function namesOf(header: string, separator: string): string[] {
  const cells = new CsvRows(separator).push(header, 1)?.cells ?? [];
  return cells.map((cell, at) => cell.trim() || `column_${at + 1}`);
}

/** The columns of a file of JSON objects: keys of any of them, read until all of `wanted` are found. */
export async function jsonColumns(
  { path }: SourceEntry,
  wanted: readonly string[],
): Promise<readonly string[] | undefined> {
  const found = new Set<string>();
  const file = new GrowingLines(path);
  for await (const { lines } of file.read({ offset: 0, line: 0 })) {
    for (const { text } of lines) {
      for (const key of Object.keys(parseForeignObject(text) ?? {})) found.add(key);
      if (wanted.every((column) => found.has(column))) return [...found];
    }
  }
  const last = file.tornBytes === 0 ? undefined : parseForeignObject(await file.torn());
  for (const key of Object.keys(last ?? {})) found.add(key);
  return found.size === 0 ? undefined : [...found];
}

/**
 * Checks before anything is imported that each column that is mapped is in one of the files. Files without rows say nothing.
 *
 * @throws {UsageError} Where one is not.
 */
export async function checkColumns(
  files: readonly SourceEntry[],
  mapping: Mapping,
  columnsIn: (file: SourceEntry, wanted: readonly string[]) => Promise<readonly string[] | undefined>,
): Promise<void> {
  const missing = new Map(mapping.columns);
  const known = new Set<string>();
  for (const file of files) {
    if (missing.size === 0) return;
    for (const column of await columnsIn(file, [...missing.values()]) ?? []) known.add(column);
    for (const [to, column] of missing) if (known.has(column)) missing.delete(to);
  }
  const [first] = missing;
  if (first === undefined || known.size === 0) return;
  const [to, column] = first;
  const names = [...known];
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
  throw new UsageError(
    `Cannot use "--map ${to}=${column}": there is no such column${didYouMean(column, names)}; columns are ${
      names.slice(0, MAX_NAMED).join(", ")
    }${more}`,
  );
}
