import { isFolder, type SourceEntry } from "../files/source_files.ts";
import { GrowingLines } from "../files/whole_lines.ts";
import type { ForeignReader, ForeignRecord, ReadOptions } from "../foreign.ts";
import { cellsOf, separatorOf } from "../tables/csv_rows.ts";
import { checkColumns, csvColumns } from "../tables/check_columns.ts";
import { mappingOf } from "../tables/mapping.ts";
import { readCsv } from "../tables/read_csv.ts";
import { labelOf, tableFiles } from "../tables/table_files.ts";

/** Reads what the CSVLogger of Keras writes: a row for each epoch. */
export const reader: ForeignReader = { kind: "keras", title: "logs of Keras's CSVLogger", detect, open };

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const mapping = { step: "epoch", ...mappingOf(options.settings) };
  const found = await tableFiles(path, isLog, "file *.csv or *.log");
  const files = await isFolder(path) ? await filterLogs(found) : found;
  await checkColumns(files, mapping, csvColumns);
  for (const { path: file, name } of files) {
    yield* readCsv(file, { name, kind: "keras", label: labelOf(name), params: {}, missing: "NA" }, mapping, options);
  }
}

async function filterLogs(files: readonly SourceEntry[]): Promise<SourceEntry[]> {
  const logs: SourceEntry[] = [];
  for (const file of files) if (await detect(file.path)) logs.push(file);
  return logs;
}

async function detect(path: string): Promise<boolean> {
  if (!isLog(path) || await isFolder(path)) return false;
  const header = await new GrowingLines(path).first();
  return header !== undefined && cellsOf(header, separatorOf(header))[0] === "epoch";
}

function isLog(name: string): boolean {
  return /\.(?:csv|log|tsv|txt)$/i.test(name);
}
