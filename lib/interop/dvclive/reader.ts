import { createHash } from "node:crypto";
import { NotFoundError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { absolute, lastSegment, parentOf } from "../../base/paths.ts";
import { changingEvent } from "../changing_event.ts";
import { bundledFiles } from "../files/bundled_files.ts";
import { readJsonFile } from "../files/json_file.ts";
import { isFolder, readSmallFile, sourceEntry, sourceFiles } from "../files/source_files.ts";
import { GrowingLines } from "../files/whole_lines.ts";
import {
  type ForeignData,
  type ForeignReader,
  type ForeignRecord,
  METRICS_EVENT,
  type ReadOptions,
  SUMMARY_EVENT,
} from "../foreign.ts";
import { valueOfCell } from "../python_text.ts";
import { timeOfValue } from "../tables/mapping.ts";
import { described } from "../values.ts";
import { parseForeignYaml } from "../yaml_text.ts";

/** Reads the folder that DVCLive writes. */
export const reader: ForeignReader = {
  kind: "dvclive",
  title: "folders of DVCLive",
  detect: async (path) =>
    await sourceEntry(`${path}/metrics.json`) !== undefined && await isFolder(`${path}/plots/metrics`),
  open,
};

/** A folder of DVCLive, which holds one run. */
interface Folder {
  readonly path: string;
  /** Below what is imported. */
  readonly name: string;
}

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const found = await sourceFiles(path, (name) => /(?:^|\/)metrics\.json$/.test(name));
  let count = 0;
  for (const { path: file, name } of found) {
    const folder = { path: file.slice(0, -"/metrics.json".length), name: parentOf(name) };
    if (!await isFolder(`${folder.path}/plots`) && await sourceEntry(`${folder.path}/params.yaml`) === undefined) {
      continue;
    }
    count++;
    yield* readFolder(folder, options);
  }
  if (count === 0) {
    throw new NotFoundError(
      `Cannot read "${path}": there is no folder of DVCLive in it, with metrics.json and plots/`,
    );
  }
}

async function* readFolder(folder: Folder, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const { path, name } = folder;
  const below = (file: string): string => name === "" ? file : `${name}/${file}`;
  const plots = await bundledFiles(`${path}/plots/metrics`, path);
  const metrics = plots.files.filter((file) => file.name.endsWith(".tsv"));
  const { params, problem } = await paramsOf(path, below("params.yaml"));
  const source = below("");
  const identity = await identityOf(folder, metrics, params, options.positions.get(source));
  const key = identity.key;
  yield [
    ...problem === undefined ? [] : [problem],
    { type: "source", source },
    {
      type: "run",
      key,
      kind: "dvclive",
      name: name === "" ? lastSegment(absolute(path, "/")) : name,
      params,
      createdAt: identity.firstTime ?? 0,
    },
    { type: "position", state: { key, file: identity.file, row: identity.row } },
  ];
  for (const file of metrics) {
    yield* readMetric(file.path, {
      run: key,
      metric: file.name.slice(0, -".tsv".length),
      source: below(`plots/metrics/${file.name}`),
    }, options);
  }
  const summary = await readJsonFile(`${path}/metrics.json`);
  if (summary.fields !== undefined) {
    const event = {
      type: "event",
      run: key,
      log: SUMMARY_EVENT,
      name: SUMMARY_EVENT,
      ts: undefined,
      data: { summary: described("summary", summary.fields) },
    } as const;
    yield changingEvent(below("metrics.json"), event, options);
  } else if (summary.why !== undefined) {
    yield [{ type: "problem", file: below("metrics.json"), what: summary.why, advice: "the rest was read" }];
  }
  const { files, leftOut } = await bundledFiles(path, path);
  const rest = files.filter((file) =>
    !file.name.startsWith("plots/metrics/") && !/^(?:metrics\.json|params\.yaml)$/.test(file.name)
  );
  yield [
    { type: "source", source: below("files") },
    ...rest.map((file): ForeignRecord => ({ type: "file", run: key, name: file.name, content: { path: file.path } })),
    ...leftOut.map((file): ForeignRecord => ({
      type: "problem",
      file: below(file.name),
      what: file.why,
      advice: "it is left out",
    })),
  ];
}

/** Columns are `step` and the metric, with `timestamp` in front in older versions. */
async function* readMetric(
  path: string,
  about: { readonly run: string; readonly metric: string; readonly source: string },
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  const { run, metric, source } = about;
  const file = new GrowingLines(path, options.signal);
  const columns = (await file.first())?.split("\t") ?? [];
  const start = await file.placeOf(options.positions.get(source));
  let place = start;
  yield [{ type: "source", source, restarts: start.line === 0 }];
  for await (const { lines, end } of file.read(start)) {
    const records: ForeignRecord[] = [];
    for (const { text, number } of lines) {
      if (number === 1 || text === "") continue;
      const cells = text.split("\t");
      const values = new Map(columns.map((column, at) => [column, valueOfCell(cells[at] ?? "")]));
      const value = values.get(columns[columns.length - 1]);
      const step = values.get("step");
      if (value === undefined || typeof step !== "number" || cells.length !== columns.length) {
        const what = "the line is not a step and a value";
        records.push({ type: "problem", file: source, at: { unit: "line", number }, what, advice: "it is left out" });
        continue;
      }
      const ts = timeOfValue(values.get("timestamp"));
      records.push({
        type: "event",
        run,
        log: `metrics.${metric}`,
        name: METRICS_EVENT,
        ts,
        data: { step, [metric]: value },
      });
    }
    place = end;
    yield records;
  }
  if (place.offset > start.offset) yield [{ type: "position", state: await file.stateOf(place) }];
}

/**
 * What tells a run from the next one in the same folder: the params and the first value of a metric. A metric that comes later does not
 * change it, as the state of an earlier import says which one it was.
 */
async function identityOf(
  { name }: Folder,
  metrics: readonly { readonly name: string; readonly path: string }[],
  params: ForeignData,
  state: unknown,
): Promise<{ key: string; file: string; row: string; firstTime?: number }> {
  const rowOf = async (path: string): Promise<string> => {
    for await (const { lines } of new GrowingLines(path).read({ offset: 0, line: 0 })) {
      const line = lines.find(({ number }) => number === 2);
      if (line !== undefined) return line.text;
    }
    return "";
  };
  if (isObject(state) && typeof state.key === "string" && typeof state.file === "string") {
    const file = metrics.find((metric) => metric.name === state.file);
    if (file !== undefined && await rowOf(file.path) === state.row) {
      return { key: state.key, file: state.file, row: String(state.row) };
    }
  }
  const first = metrics[0];
  const row = first === undefined ? "" : await rowOf(first.path);
  const hash = createHash("sha256").update(JSON.stringify([first?.name ?? "", row, params])).digest("hex");
  return { key: `${name}\n${hash}`, file: first?.name ?? "", row };
}

async function paramsOf(folder: string, name: string): Promise<{ params: ForeignData; problem?: ForeignRecord }> {
  const bytes = await readSmallFile(`${folder}/params.yaml`);
  if (bytes === undefined) return { params: {} };
  try {
    const value = parseForeignYaml(new TextDecoder().decode(bytes));
    if (isObject(value)) return { params: value as ForeignData };
  } catch {
    // It is said below.
  }
  return {
    params: {},
    problem: { type: "problem", file: name, what: "it is not YAML with keys", advice: "the run has no params" },
  };
}
