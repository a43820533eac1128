import type { ForeignReader, ForeignRecord, ReadOptions } from "../foreign.ts";
import { checkColumns, jsonColumns } from "../tables/check_columns.ts";
import { mappingOf } from "../tables/mapping.ts";
import { readJsonLines } from "../tables/read_json_lines.ts";
import { labelOf, tableFiles } from "../tables/table_files.ts";

/** Reads files of JSON objects, one a line. */
export const reader: ForeignReader = {
  kind: "jsonl",
  title: "files of JSON lines",
  detect: (path) => Promise.resolve(isJsonLines(path)),
  open,
};

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const mapping = mappingOf(options.settings);
  const files = await tableFiles(path, isJsonLines, "file *.jsonl or *.ndjson");
  // A key may still come where the file grows.
  if (!options.mayGrow) await checkColumns(files, mapping, jsonColumns);
  for (const { path: file, name } of files) {
    yield* readJsonLines(file, { name, kind: "jsonl", label: labelOf(name), params: {} }, mapping, options);
  }
}

function isJsonLines(name: string): boolean {
  return /\.(?:jsonl|ndjson)$/i.test(name);
}
