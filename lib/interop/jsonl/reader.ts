import type { ForeignReader, ForeignRecord, ReadOptions } from "../foreign.ts";
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
  for (const { path: file, name } of await tableFiles(path, isJsonLines, "file *.jsonl or *.ndjson")) {
    yield* readJsonLines(file, { name, kind: "jsonl", label: labelOf(name), params: {} }, mapping, options);
  }
}

function isJsonLines(name: string): boolean {
  return /\.(?:jsonl|ndjson)$/i.test(name);
}
