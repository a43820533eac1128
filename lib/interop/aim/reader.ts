import { NotFoundError, RefusedError, UsageError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { timeOfIso, withStep } from "../event_parts.ts";
import { ForeignDatabase, textOf } from "../files/foreign_database.ts";
import { pythonLines } from "../files/python_lines.ts";
import { isFolder, sourceEntry } from "../files/source_files.ts";
import {
  type ForeignData,
  type ForeignReader,
  type ForeignRecord,
  type ForeignValue,
  METRICS_EVENT,
  type ReadOptions,
  type RunRecord,
} from "../foreign.ts";
import { parseForeignObject } from "../values.ts";
import program from "./read_aim.py" with { type: "text" };
import { numbersOf, seriesName } from "./values.ts";

/** Reads a folder `.aim`, by way of the package aim in the user's Python: its databases are RocksDB's. */
export const reader: ForeignReader = {
  kind: "aim",
  title: "Aim's folders .aim",
  detect: async (path) => await folderOf(path) !== undefined,
  open,
};

/** What Aim's own database says of a run. */
interface About {
  readonly name?: string;
  readonly experiment?: string;
  readonly description?: string;
  readonly createdAt?: number;
  readonly isArchived: boolean;
  readonly tags: readonly string[];
}

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const folder = await folderOf(path);
  if (folder === undefined) throw new NotFoundError(`Cannot read "${path}": there is no folder .aim in it`);
  const [python] = options.settings?.python ?? [];
  if (python === undefined) {
    throw new UsageError(
      "Cannot read Aim's databases without Python: name the kind, as in dbx import aim PATH, with python3 on PATH " +
        "or with --python; it must have the package aim",
    );
  }
  const known = await aboutRuns(`${folder}/run_metadata.sqlite`, options);
  try {
    for await (const lines of pythonLines(python, program, [folder], options)) {
      for (const line of lines) yield recordsOf(line, known);
    }
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const advice = /ModuleNotFoundError.*'aim'/.test(error.message)
      ? "; install aim there, or name the Python that has it with --python"
      : "";
    throw new RefusedError(`Cannot read "${folder}": ${error.message}${advice}`);
  }
}

/** What a line of the program says. */
function recordsOf(line: string, known: ReadonlyMap<string, About>): ForeignRecord[] {
  const fields = parseForeignObject(line);
  if (fields === undefined || typeof fields.run !== "string") return [];
  const { run: key, problem, metric, context, rows, type } = fields;
  if (typeof problem === "string") {
    return [{ type: "problem", file: key as string, what: problem, advice: "the rest of the run is left out" }];
  }
  const about = known.get(key as string);
  if (typeof metric !== "string") {
    const run = runRecord(key as string, fields, about);
    const ts = typeof fields.end === "number" ? Math.floor(fields.end * 1000) : undefined;
    return ts === undefined ? [run] : [run, { type: "end", run: run.key, status: "finished", ts }];
  }
  const name = seriesName(metric, isObject(context) ? context as ForeignData : {});
  const source = `${key} ${name}`;
  const records: ForeignRecord[] = [{ type: "source", source }];
  for (const row of Array.isArray(rows) ? rows : []) {
    if (!Array.isArray(row)) continue;
    const [step, value, time, epoch] = row as ForeignValue[];
    const plain = numbersOf(value);
    if (isObject(plain) && "$unknown" in plain) {
      const what = `the values of "${name}" are of type ${type}, which dbx cannot read`;
      records.push({ type: "problem", file: key as string, what, advice: "export them with Aim" });
      break;
    }
    records.push({
      type: "event",
      run: key as string,
      log: `metrics.${name}`,
      name: METRICS_EVENT,
      ts: typeof time === "number" ? Math.floor(time * 1000) : undefined,
      data: withStep(step ?? undefined, epoch === null ? { [name]: plain } : { [name]: plain, epoch }),
    });
  }
  return records;
}

function runRecord(key: string, { attributes }: ForeignData, about: About | undefined): RunRecord {
  const { __system_params: system, ...params } = isObject(attributes)
    ? numbersOf(attributes as ForeignData) as ForeignData
    : {};
  const experiment = about?.experiment ?? "aim";
  return {
    type: "run",
    key,
    kind: experiment,
    name: `${experiment}/${about?.name ?? key}`,
    params,
    createdAt: about?.createdAt ?? 0,
    extra: { aim: { hash: key } },
    runExtra: system === undefined ? undefined : { system },
    tags: [...about?.tags ?? [], ...about?.isArchived ? ["archived"] : []],
    notes: about?.description ? [about.description] : [],
    recordsEnd: true,
  };
}

async function aboutRuns(path: string, options: ReadOptions): Promise<ReadonlyMap<string, About>> {
  const runs = new Map<string, About>();
  if (await sourceEntry(path) === undefined) return runs;
  using database = await ForeignDatabase.open(path, await options.scratch(), options.signal);
  const all = (table: string, columns: readonly string[]) => [...database.allRows(table, columns, () => {})];
  const names = (table: string) => new Map(all(table, ["id", "name"]).map(([, id, name]) => [id, textOf(name)]));
  const experiments = names("experiment");
  const tags = names("tag");
  const tagged = Map.groupBy(all("run_tag", ["run_id", "tag_id"]), ([, run]) => run);
  const columns = ["id", "hash", "name", "description", "is_archived", "created_at", "experiment_id"];
  for (const [, id, hash, name, description, isArchived, createdAt, experiment] of all("run", columns)) {
    runs.set(textOf(hash) ?? "", {
      name: textOf(name),
      experiment: experiments.get(experiment),
      description: textOf(description),
      createdAt: timeOfIso(textOf(createdAt)),
      isArchived: Number(isArchived) === 1,
      tags: (tagged.get(id) ?? []).map(([, , tag]) => tags.get(tag)).filter((tag) => tag !== undefined).sort(),
    });
  }
  return runs;
}

async function folderOf(path: string): Promise<string | undefined> {
  for (const folder of [path, `${path}/.aim`]) {
    if (await isFolder(`${folder}/meta/chunks`) && await isFolder(`${folder}/seqs`)) return folder;
  }
}
