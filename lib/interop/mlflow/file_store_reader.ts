import { isObject } from "../../base/json.ts";
import { bundledFiles } from "../files/bundled_files.ts";
import { readSmallFile, type SourceEntry, sourceFiles } from "../files/source_files.ts";
import { GrowingLines } from "../files/whole_lines.ts";
import type { ForeignData, ForeignRecord, ReadOptions } from "../foreign.ts";
import { parseForeignYaml } from "../yaml_text.ts";
import { artifactRecords, ArtifactsElsewhere } from "./artifacts.ts";
import { endRecord, type MlflowExperiment, type MlflowRun, pointRecord, runRecord } from "./mlflow_run.ts";

/** Reads a folder `mlruns`. Each metric is a file that grows, and has a log of its own. */
export async function* readFileStore(root: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const definitions = await sourceFiles(root, (name) => /^(?:\.trash\/)?[^/]+(?:\/[^/]+)?\/meta\.yaml$/.test(name));
  const trash = await trashed(root);
  const experiments = new Map<string, MlflowExperiment>();
  const elsewhere = new ArtifactsElsewhere();
  const store: Store = { root, options, elsewhere };
  const all = [...definitions, ...trash];
  for (const entry of all.filter(({ name }) => isExperiment(name))) {
    const { fields, problem } = await readYaml(entry);
    if (problem !== undefined) yield [problem];
    const folder = parent(entry.name);
    experiments.set(folder, {
      id: text(fields.experiment_id) ?? lastPart(folder),
      name: text(fields.name) ?? lastPart(folder),
      createdAt: time(fields.creation_time),
      isDeleted: fields.lifecycle_stage === "deleted" || folder.startsWith(".trash/"),
      tags: await texts(root, `${folder}/tags`),
    });
  }
  for (const entry of all.filter(({ name }) => !isExperiment(name))) {
    options.signal?.throwIfAborted();
    const experiment = experiments.get(parent(parent(entry.name)));
    if (experiment !== undefined) yield* readRun(store, entry, experiment);
  }
  const problem = elsewhere.problem("");
  if (problem !== undefined) yield [problem];
}

/** What is the same for all runs. */
interface Store {
  readonly root: string;
  readonly options: ReadOptions;
  readonly elsewhere: ArtifactsElsewhere;
}

async function* readRun(
  { root, options, elsewhere }: Store,
  entry: SourceEntry,
  experiment: MlflowExperiment,
): AsyncGenerator<readonly ForeignRecord[]> {
  const folder = parent(entry.name);
  const { fields, problem } = await readYaml(entry);
  if (problem !== undefined) return yield [problem];
  const tags = await texts(root, `${folder}/tags`);
  const run: MlflowRun = {
    id: text(fields.run_id) ?? text(fields.run_uuid) ?? lastPart(folder),
    experiment,
    name: text(fields.run_name),
    status: statusOf(fields.status),
    startTime: time(fields.start_time),
    endTime: time(fields.end_time),
    isDeleted: fields.lifecycle_stage === "deleted",
    artifactUri: text(fields.artifact_uri),
    params: await texts(root, `${folder}/params`),
    tags,
  };
  yield [{ type: "source", source: folder }, runRecord(run)];
  const { files } = await bundledFiles(`${root}/${folder}/metrics`, root);
  for (const { name, path } of files) {
    yield* readMetric(run.id, { key: name, path, name: `${folder}/metrics/${name}` }, options);
  }
  const artifacts = await artifactRecords(
    run,
    { root, folder: `${root}/${folder}/artifacts`, file: folder },
    elsewhere,
  );
  if (artifacts.length > 0) yield artifacts;
  const end = endRecord(run);
  if (end !== undefined) yield [end];
}

/** Lines are `<milliseconds> <value> <step>`, with the name and digest of a data set behind them in newer versions. */
async function* readMetric(
  run: string,
  { key, path, name }: { readonly key: string; readonly path: string; readonly name: string },
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  const file = new GrowingLines(path, options.signal);
  const from = await file.placeOf(options.positions.get(name));
  yield [{ type: "source", source: name, restarts: from.offset === 0 }];
  let place = from;
  for await (const { lines, end } of file.read(from)) {
    const records: ForeignRecord[] = [];
    for (const line of lines) {
      const [timestamp, value, step] = line.text.split(" ");
      const number = pythonNumber(value);
      if (number === undefined || !/^-?\d+$/.test(timestamp)) {
        const what = "the line is not a time, a value and a step";
        records.push({
          type: "problem",
          file: name,
          at: { unit: "line", number: line.number },
          what,
          advice: "it is left out",
        });
        continue;
      }
      const point = {
        run,
        key,
        value: number,
        step: step !== undefined && /^-?\d+$/.test(step) ? Number(step) : 0,
        timestamp: Number(timestamp),
      };
      records.push({ ...pointRecord(point), log: `metrics.${key}` });
    }
    place = end;
    yield records;
  }
  if (place.offset > from.offset) yield [{ type: "position", state: await file.stateOf(place) }];
}

/** Experiments that were deleted. */
async function trashed(root: string): Promise<SourceEntry[]> {
  try {
    const found = await sourceFiles(`${root}/.trash`, (name) => /^[^/]+(?:\/[^/]+)?\/meta\.yaml$/.test(name));
    return found.map((entry) => ({ ...entry, name: `.trash/${entry.name}` }));
  } catch {
    return [];
  }
}

/** The files of a folder, each one text by its name. */
async function texts(root: string, folder: string): Promise<Map<string, string>> {
  const { files } = await bundledFiles(`${root}/${folder}`, root);
  const all = new Map<string, string>();
  for (const { name, path } of files) all.set(name, new TextDecoder().decode(await readSmallFile(path)));
  return all;
}

async function readYaml(entry: SourceEntry): Promise<{ fields: ForeignData; problem?: ForeignRecord }> {
  try {
    const value = parseForeignYaml(new TextDecoder().decode(await readSmallFile(entry.path)));
    if (isObject(value)) return { fields: value as ForeignData };
  } catch {
    // It is said below.
  }
  const advice = isExperiment(entry.name) ? "its runs were read" : "its run is left out";
  return { fields: {}, problem: { type: "problem", file: entry.name, what: "it is not YAML with keys", advice } };
}

function isExperiment(name: string): boolean {
  return name.replace(/^\.trash\//, "").split("/").length === 2;
}

function pythonNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  const words: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, "-inf": -Infinity };
  return Object.hasOwn(words, text) ? words[text] : undefined;
}

/** Newer versions write the number of a status. */
function statusOf(value: unknown): string | undefined {
  const names = [undefined, "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];
  return typeof value === "string" ? value : typeof value === "number" ? names[value] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}

function time(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function parent(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
