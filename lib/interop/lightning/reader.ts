import { isObject } from "../../base/json.ts";
import { absolute, lastSegment, parentOf } from "../../base/paths.ts";
import { readSmallFile, sourceEntry, sourceFiles } from "../files/source_files.ts";
import type { ForeignData, ForeignReader, ForeignRecord, ReadOptions } from "../foreign.ts";
import { checkColumns, csvColumns } from "../tables/check_columns.ts";
import { mappingOf } from "../tables/mapping.ts";
import { readCsv } from "../tables/read_csv.ts";
import { tableFiles } from "../tables/table_files.ts";
import { parseForeignYaml } from "../yaml_text.ts";

/** Reads what the CSVLogger of Lightning writes: folders `version_N` with `metrics.csv` and `hparams.yaml`. */
export const reader: ForeignReader = { kind: "lightning", title: "logs of Lightning's CSVLogger", detect, open };

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const mapping = { step: "step", ...mappingOf(options.settings) };
  const files = await tableFiles(path, isMetrics, "file metrics.csv");
  await checkColumns(files, mapping, csvColumns);
  for (const { path: file, name } of files) {
    const folder = parentOf(name);
    const { params, problem } = await hparams(
      `${file.slice(0, -"/metrics.csv".length)}/hparams.yaml`,
      `${folder}/hparams.yaml`,
    );
    if (problem !== undefined) yield [problem];
    const label = folder === "" ? lastSegment(parentOf(absolute(file, "/"))) : folder;
    yield* readCsv(file, { name, identity: label, kind: "lightning", label, params }, mapping, options);
  }
}

async function detect(path: string): Promise<boolean> {
  if (await sourceEntry(`${path}/metrics.csv`) !== undefined) {
    return await sourceEntry(`${path}/hparams.yaml`) !== undefined;
  }
  if (!/lightning_logs/.test(path)) return false;
  try {
    return (await sourceFiles(path, isMetrics)).length > 0;
  } catch {
    return false;
  }
}

async function hparams(path: string, name: string): Promise<{ params: ForeignData; problem?: ForeignRecord }> {
  const bytes = await readSmallFile(path);
  if (bytes === undefined || bytes.length === 0) return { params: {} };
  try {
    const value = parseForeignYaml(new TextDecoder().decode(bytes));
    if (isObject(value)) return { params: value as ForeignData };
    if (value === null) return { params: {} };
  } catch {
    // It is said below.
  }
  return {
    params: {},
    problem: { type: "problem", file: name, what: "it is not YAML with keys", advice: "the run has no params" },
  };
}

function isMetrics(name: string): boolean {
  return name === "metrics.csv" || name.endsWith("/metrics.csv");
}
