import { isObject, type JsonObject } from "../../../../base/json.ts";
import type { QueryValue } from "../../../../query/result/answer.ts";
import type { Experiment, ExperimentRun } from "../../../../repo/experiments/experiment.ts";
import { hasOutput } from "../../../../repo/logs/output_reader.ts";
import type { ExperimentRow } from "./experiments.ts";

/** What is shown of one experiment besides its row. */
export interface Details {
  readonly params: JsonObject;
  readonly meta: JsonObject;
  readonly git: JsonObject;
  readonly env: JsonObject;
  readonly cmd: readonly string[];
}

const SQL = "SELECT params, meta, git, env, cmd FROM experiments WHERE exp = :exp";

/** Reads what is known of an experiment and its newest run. */
export async function readDetails({ source, exp }: ExperimentRow, signal: AbortSignal): Promise<Details | undefined> {
  using answer = await source.repository.query(SQL, { exp }, { all: true, signal });
  for await (const [params, meta, git, env, cmd] of answer) {
    const words = jsonOf(cmd);
    return {
      params: objectOf(params),
      meta: objectOf(meta),
      git: objectOf(git),
      env: objectOf(env),
      cmd: Array.isArray(words) ? words.map(String) : [],
    };
  }
  return undefined;
}

/** The last lines that the newest run of an experiment printed; undefined if it has printed nothing that was kept. */
export async function readOutput(experiment: Experiment, lines: number): Promise<string[] | undefined> {
  const newest = await newestRunOf(experiment);
  if (newest === undefined || !hasOutput(await newest.logs())) return undefined;
  return (await newest.log("stdout").last(lines)).map(({ data }) => String(data.text ?? ""));
}

/** The newest run of an experiment; undefined if it has none. */
export async function newestRunOf(experiment: Experiment): Promise<ExperimentRun | undefined> {
  const runs = await experiment.runs();
  return runs.toSorted((a, b) => (a.createdAt || 0) - (b.createdAt || 0)).at(-1);
}

function objectOf(value: QueryValue): JsonObject {
  const json = jsonOf(value);
  return isObject(json) ? json as JsonObject : {};
}

function jsonOf(value: QueryValue): unknown {
  try {
    return typeof value === "string" ? JSON.parse(value) : undefined;
  } catch {
    return undefined;
  }
}
