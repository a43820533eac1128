import { isObject } from "../../base/json.ts";
import { changingEvent } from "../changing_event.ts";
import { timeOfIso } from "../event_parts.ts";
import { bundledFiles, fileWithin } from "../files/bundled_files.ts";
import { readJsonFile } from "../files/json_file.ts";
import { sourceEntry } from "../files/source_files.ts";
import { GrowingLines } from "../files/whole_lines.ts";
import {
  type EndRecord,
  type ForeignData,
  type ForeignRecord,
  OUTPUT_LOG,
  type ReadOptions,
  type RunRecord,
  SUMMARY_EVENT,
} from "../foreign.ts";
import { described } from "../values.ts";
import { metricRecords } from "./metrics.ts";

/** A run of Sacred: its folder, the folder that is imported, and the name below it. */
export interface SacredRun {
  readonly root: string;
  readonly folder: string;
  readonly name: string;
}

/** Files of Sacred's own in the folder of a run. */
const OWN = ["run.json", "config.json", "metrics.json", "info.json", "cout.txt"];

const ENDS: Readonly<Record<string, EndRecord["status"]>> = {
  COMPLETED: "finished",
  FAILED: "failed",
  INTERRUPTED: "killed",
  TIMEOUT: "killed",
  TIMEOUTED: "killed",
  DIED: "lost",
};

/** Reads one run. */
export async function* readRun(at: SacredRun, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const below = (file: string): string => at.name === "" ? file : `${at.name}/${file}`;
  const files: Record<string, ForeignData | undefined> = {};
  const problems: ForeignRecord[] = [];
  for (const file of ["run.json", "config.json", "info.json"]) {
    const { fields, why } = await readJsonFile(`${at.folder}/${file}`);
    files[file] = fields;
    const advice = file === "run.json" ? "the run is left out" : "the rest was read";
    if (why !== undefined) problems.push({ type: "problem", file: below(file), what: why, advice });
  }
  const fields = files["run.json"];
  if (fields === undefined) return yield problems;
  const run = runRecord(fields, files["config.json"] ?? {}, at.name);
  yield [...problems, { type: "source", source: below("run.json") }, run];
  yield* readMetrics(at, run.key, below("metrics.json"), options);
  yield* readOutput(`${at.folder}/cout.txt`, run.key, below("cout.txt"), fields.stop_time !== null, options);
  const summary = {
    ...files["info.json"],
    ...fields.result === undefined || fields.result === null ? {} : { result: fields.result },
  };
  if (Object.keys(summary).length > 0) {
    const event = {
      type: "event",
      run: run.key,
      log: SUMMARY_EVENT,
      name: SUMMARY_EVENT,
      ts: undefined,
      data: { summary: described("summary", summary) },
    } as const;
    yield changingEvent(below("info.json"), event, options);
  }
  yield await fileRecords(at, fields, run.key, below);
  const end = endRecord(fields, run.key);
  if (end !== undefined) yield [end];
}

async function* readMetrics(
  at: SacredRun,
  run: string,
  source: string,
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  const entry = await sourceEntry(`${at.folder}/metrics.json`);
  if (entry === undefined) return;
  const state = `${entry.size} ${entry.modifiedAt}`;
  if (options.positions.get(source) === state) return;
  const { fields, why } = await readJsonFile(entry.path);
  if (why !== undefined) return yield [{ type: "problem", file: source, what: why, advice: "the rest was read" }];
  // The file is written as a whole each time.
  yield [{ type: "source", source, restarts: true }];
  for (const [name, series] of Object.entries(fields ?? {})) yield* metricRecords(run, name, series, source);
  yield [{ type: "position", state }];
}

/** Printed lines have no times. */
async function* readOutput(
  path: string,
  run: string,
  source: string,
  hasEnded: boolean,
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  if (await sourceEntry(path) === undefined) return;
  const file = new GrowingLines(path, options.signal);
  const start = await file.placeOf(options.positions.get(source));
  const event = (text: string): ForeignRecord => ({
    type: "event",
    run,
    log: OUTPUT_LOG,
    name: "stdout",
    ts: undefined,
    data: { text },
  });
  let place = start;
  yield [{ type: "source", source, restarts: start.line === 0 }];
  for await (const { lines, end } of file.read(start)) {
    place = end;
    yield lines.map(({ text }) => event(text));
  }
  if (place.offset > start.offset) yield [{ type: "position", state: await file.stateOf(place) }];
  if (hasEnded && file.tornBytes > 0) yield [event(await file.torn())];
}

async function fileRecords(
  at: SacredRun,
  fields: ForeignData,
  run: string,
  below: (name: string) => string,
): Promise<ForeignRecord[]> {
  const { files, leftOut } = await bundledFiles(at.folder, at.folder);
  const records: ForeignRecord[] = [{ type: "source", source: below("files") }];
  for (const { name, path } of files) {
    if (!OWN.includes(name)) records.push({ type: "file", run, name, content: { path } });
  }
  for (const { name, why } of leftOut) {
    records.push({ type: "problem", file: below(name), what: why, advice: "it is left out" });
  }
  // Sources stand beside the folders of the runs that share them.
  const { sources } = isObject(fields.experiment) ? fields.experiment : { sources: undefined };
  for (const [name, stored] of pairs(sources)) {
    const path = at.name === ""
      ? undefined
      : await fileWithin(at.root, `${at.folder.slice(0, at.folder.lastIndexOf("/"))}/${stored}`);
    if (path !== undefined) records.push({ type: "file", run, name: `code/${name}`, content: { path } });
  }
  return records;
}

function runRecord(fields: ForeignData, params: ForeignData, folder: string): RunRecord {
  const experiment = object(fields.experiment);
  const host = object(fields.host);
  const meta = object(fields.meta);
  const [repository] = Array.isArray(experiment.repositories) ? experiment.repositories.filter(isObject) : [];
  const name = text(experiment.name) ?? "sacred";
  const start = text(fields.start_time);
  const id = folder.slice(folder.lastIndexOf("/") + 1);
  const comment = text(object(meta.options)["--comment"]);
  return {
    type: "run",
    key: `${name}\n${start ?? folder}\n${text(host.hostname) ?? ""}`,
    kind: name,
    name: id === "" ? name : `${name}/${id}`,
    params,
    createdAt: timeOfIso(start) ?? 0,
    extra: { sacred: known({ command: fields.command, dependencies: experiment.dependencies, id: fields._id }) },
    runExtra: known({ python_version: host.python_version, os: host.os, cpu: host.cpu, gpus: host.gpus }),
    script: text(experiment.mainfile),
    pwd: text(experiment.base_dir),
    hostname: text(host.hostname),
    git: repository === undefined ? undefined : {
      commit: text(repository.commit),
      remote: text(repository.url),
      dirty: typeof repository.dirty === "boolean" ? repository.dirty : undefined,
    },
    recordsEnd: true,
    notes: comment === undefined || comment === "" ? [] : [comment],
  };
}

function endRecord(fields: ForeignData, run: string): EndRecord | undefined {
  const status = text(fields.status);
  if (status === undefined || !Object.hasOwn(ENDS, status)) return undefined;
  const ts = timeOfIso(text(fields.stop_time)) ?? timeOfIso(text(fields.heartbeat)) ??
    timeOfIso(text(fields.start_time));
  return { type: "end", run, status: ENDS[status], ts: ts ?? 0 };
}

function* pairs(value: unknown): Generator<[string, string]> {
  for (const item of Array.isArray(value) ? value : []) {
    if (Array.isArray(item) && typeof item[0] === "string" && typeof item[1] === "string") yield [item[0], item[1]];
  }
}

function known(values: Readonly<Record<string, unknown>>): ForeignData {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null),
  ) as ForeignData;
}

function object(value: unknown): ForeignData {
  return isObject(value) ? value as ForeignData : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
