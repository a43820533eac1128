import { lastSegment } from "../../base/paths.ts";
import { sourceEntry } from "../files/source_files.ts";
import type { ForeignReader, ForeignRecord, ReadOptions } from "../foreign.ts";
import { checkColumns, csvColumns } from "../tables/check_columns.ts";
import { mappingOf } from "../tables/mapping.ts";
import { readCsv } from "../tables/read_csv.ts";
import { labelOf, tableFiles } from "../tables/table_files.ts";

/** Reads tables of comma- or tab-separated values. */
export const reader: ForeignReader = {
  kind: "csv",
  title: "CSV and TSV files",
  detect,
  open,
};

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const mapping = mappingOf(options.settings);
  const files = await tableFiles(path, isTable, "file *.csv or *.tsv");
  await checkColumns(files, mapping, csvColumns);
  for (const { path: file, name } of files) {
    yield* readCsv(file, { name, kind: "csv", label: labelOf(name), params: {} }, mapping, options);
  }
}

/** Tables that another reader knows are left to it. */
async function detect(path: string): Promise<boolean> {
  if (!isTable(path) || lastSegment(path) === "metrics.csv") return false;
  const { reader: keras } = await import("../keras/reader.ts");
  return await sourceEntry(path) !== undefined && !await keras.detect(path);
}

function isTable(name: string): boolean {
  return /\.(?:csv|tsv)$/i.test(name);
}
