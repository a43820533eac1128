import { DamageError, messageOf, NotFoundError } from "../../base/errors.ts";
import { isIdV0 } from "../../base/ids.ts";
import { isObject, type Json, setOwn } from "../../base/json.ts";
import { lastSegment, parentOf } from "../../base/paths.ts";
import { parseV0 } from "../../format/definitions/v0.ts";
import { logNameOf } from "../../format/layout/names.ts";
import { bundledFiles } from "../files/bundled_files.ts";
import { readJsonFile } from "../files/json_file.ts";
import { readSmallFile, type SourceEntry, sourceFiles } from "../files/source_files.ts";
import { GrowingLines } from "../files/whole_lines.ts";
import type { ForeignData, ForeignReader, ForeignRecord, ForeignValue, ReadOptions, RunRecord } from "../foreign.ts";
import { parseForeignObject } from "../values.ts";

/** Reads repositories of v0, which the Python package dbxlogger writes. Their ids stay. */
export const reader: ForeignReader = {
  kind: "dbxlogger",
  title: "repositories of the Python package dbxlogger",
  detect: async (path) => (await experimentsAt(path, true)).length > 0,
  open,
};

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const experiments = await experimentsAt(path, false);
  if (experiments.length === 0) {
    throw new NotFoundError(
      `Cannot read "${path}": there is no experiment of dbxlogger in it, a folder <id> with meta.json and logs`,
    );
  }
  for (const entry of experiments) {
    options.signal?.throwIfAborted();
    yield* readExperiment(entry, options);
  }
}

/** The definitions of experiments at or below a folder. Those of v1 have runs, and no logs beside their definition. */
async function experimentsAt(path: string, isQuick: boolean): Promise<SourceEntry[]> {
  const takes = (name: string): boolean =>
    lastSegment(name) === "meta.json" || logNameOf(lastSegment(name)) !== undefined;
  const files = await sourceFiles(path, takes).catch(() => []);
  const logs = new Set(files.filter(({ name }) => lastSegment(name) !== "meta.json").map(({ name }) => parentOf(name)));
  const idOf = (entry: SourceEntry): string => lastSegment(parentOf(entry.path));
  const found = files.filter((entry) =>
    lastSegment(entry.name) === "meta.json" && isIdV0(idOf(entry)) &&
    !/(?:^|\/)runs\/[^/]+\/meta\.json$/.test(entry.name) &&
    (logs.has(parentOf(entry.name)) || !isQuick)
  );
  const withRuns = new Set(
    files.flatMap(({ name }) => /^(.*?)\/?runs\/[^/]+\/meta\.json$/.exec(name)?.slice(1, 2) ?? []),
  );
  return found.filter((entry) => !withRuns.has(parentOf(entry.name)));
}

async function* readExperiment(entry: SourceEntry, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const folder = entry.path.slice(0, -"/meta.json".length);
  const id = lastSegment(folder);
  const name = parentOf(entry.name);
  const below = (file: string): string => name === "" ? file : `${name}/${file}`;
  let run: RunRecord;
  try {
    const text = new TextDecoder().decode(await readSmallFile(entry.path));
    run = recordOf(parseV0(text, { path: entry.name, id }), id);
  } catch (error) {
    if (!(error instanceof DamageError)) throw error;
    const advice = "the experiment is left out";
    return yield [{ type: "problem", file: entry.name, what: messageOf(error), advice }];
  }
  yield [{ type: "source", source: below("") }, run];
  const { files, leftOut } = await bundledFiles(folder, folder);
  const hashes = (await readJsonFile(`${folder}/files.json`)).fields ?? {};
  for (const file of files.filter((file) => isOwn(file.name) && logNameOf(file.name) !== undefined)) {
    yield* readLog(file.path, { run: id, log: logNameOf(file.name)!, source: below(file.name), hashes }, options);
  }
  yield [
    { type: "source", source: below("files") },
    ...files.filter((file) => !isOwn(file.name)).map((file): ForeignRecord => ({
      type: "file",
      run: id,
      name: file.name,
      content: { path: file.path },
    })),
    ...leftOut.map((file): ForeignRecord => ({
      type: "problem",
      file: below(file.name),
      what: file.why,
      advice: "it is left out",
    })),
  ];
}

async function* readLog(
  path: string,
  about: { readonly run: string; readonly log: string; readonly source: string; readonly hashes: ForeignData },
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  const { run, log, source, hashes } = about;
  const lines = new GrowingLines(path, options.signal);
  const start = await lines.placeOf(options.positions.get(source));
  let place = start;
  yield [{ type: "source", source, restarts: start.line === 0 }];
  for await (const batch of lines.read(start)) {
    const records: ForeignRecord[] = [];
    for (const { text, number } of batch.lines) {
      const fields = parseForeignObject(text);
      if (fields === undefined || typeof fields.event !== "string") {
        const what = "the line is not an event";
        records.push({ type: "problem", file: source, at: { unit: "line", number }, what, advice: "it is left out" });
        continue;
      }
      const { event, ...data } = fields;
      records.push({
        type: "event",
        run,
        log,
        name: event as string,
        ts: undefined,
        data: withHashes(data, hashes) as ForeignData,
      });
    }
    place = batch.end;
    yield records;
  }
  if (place.offset > start.offset) yield [{ type: "position", state: await lines.stateOf(place) }];
  if (lines.tornBytes === 0) return;
  const at = { unit: "line", number: place.line + 1 } as const;
  yield [{
    type: "problem",
    file: source,
    at,
    what: "the last line is not whole",
    advice: "it is read when it is",
    isWaiting: true,
  }];
}

/** Files whose hash only `files.json` knows are given it. */
function withHashes(value: ForeignValue, hashes: ForeignData): ForeignValue {
  if (Array.isArray(value)) return value.map((item) => withHashes(item, hashes));
  if (!isObject(value) || "rawJSON" in value) return value;
  if (
    value._dbx === "expfile" && value.sha256 === undefined && typeof value.name === "string" &&
    Object.hasOwn(hashes, value.name)
  ) {
    return { ...value, sha256: hashes[value.name] };
  }
  const object: Record<string, ForeignValue> = {};
  for (const [key, item] of Object.entries(value)) setOwn(object, key, withHashes(item as ForeignValue, hashes));
  return object;
}

function recordOf({ experiment, run }: ReturnType<typeof parseV0>, id: string): RunRecord {
  const { kind, name, params, createdAt, extra } = experiment;
  return {
    type: "run",
    key: id,
    id,
    kind,
    name,
    params,
    createdAt: Number.isNaN(createdAt) ? 0 : createdAt,
    extra: extra as Record<string, Json>,
    runExtra: run.extra,
    cmd: run.cmd,
    pwd: run.pwd,
    script: run.script,
    hostname: run.hostname,
    env: run.env,
    git: run.git as RunRecord["git"],
  };
}

/** Whether a file is the format's own: definition, logs, registry of files. */
function isOwn(name: string): boolean {
  return name === "meta.json" || name === "files.json" || !name.includes("/") && logNameOf(name) !== undefined;
}
