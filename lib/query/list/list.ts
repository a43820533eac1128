import { glob } from "../../base/glob.ts";
import type { Json } from "../../base/json.ts";
import type { Brief } from "../../repo/catalogue.ts";
import type { Source } from "../snapshot/snapshot.ts";
import type { Repository } from "../../repo/repository.ts";
import type { RunStatus } from "../../repo/status.ts";
import { type Column, columnOf, compare, differingParams, isSeriesColumn, Row } from "./columns.ts";

/** Which experiments to list, and what to tell of them. */
export interface ListRequest {
  /**
   * `id`, `name`, `kind`, `status`, `lost`, `age`, `created`, `duration`, `runs`, `tags`, `host`, `command`; `params.<name>`; `first:`,
   * `last:`, `min:`, `max:` or `count:` of a series of the latest run; a custom key of the definition. Times are
   * milliseconds. Default: id, name, kind, status, lost where events were lost, age, duration, and the params that differ.
   */
  readonly cols?: readonly string[];
  /** How many params at most where `cols` does not say any. Default: all that differ. */
  readonly params?: number;
  /** A column; `-` before it turns the order round. Default `-created`. */
  readonly sort?: string;
  /** Experiments at most. */
  readonly limit?: number;
  readonly kind?: string;
  /** A glob. */
  readonly name?: string;
  readonly tags?: readonly string[];
  /** Of the latest run. */
  readonly status?: RunStatus["status"];
  /** Deleted ones too. */
  readonly all?: boolean;
}

/** Experiments as rows. */
export interface ExperimentList {
  readonly columns: readonly string[];
  /** By columns; undefined where an experiment has no such thing. */
  readonly rows: readonly (readonly (Json | undefined)[])[];
  /** How many experiments of the kind and the name there are before any other condition. */
  readonly of: number;
  /** What people should know of the columns: that nothing, or more than one thing, has the name. */
  readonly remarks: readonly string[];
  /** Damaged definitions, and lines of logs that are no events, all left out. */
  readonly problems: number;
  readonly badLines: number;
}

/** How to list. */
export interface ListExperimentsOptions {
  /** Milliseconds since the Unix epoch. Default: now. */
  readonly now?: number;
  readonly signal?: AbortSignal;
  /** Told how many bytes of logs are read into the index, of how many. */
  readonly onProgress?: (done: { readonly bytes: number; readonly total: number }) => void;
}

/**
 * Lists experiments. A column of a series asks the index, which is opened only then.
 *
 * @throws {UsageError} For a column that there is none of, with the near name.
 */
export async function listExperiments(
  repository: Repository,
  source: () => Source | Promise<Source>,
  request: ListRequest = {},
  options: ListExperimentsOptions = {},
): Promise<ExperimentList> {
  const { now = Date.now(), signal } = options;
  const { limit = Infinity, sort = "-created" } = request;
  let badLines = 0;
  const onBadLine = () => void badLines++;
  const experiments = await Array.fromAsync(repository.experiments({ signal, only: onlyOf(request) }));
  const asked = [sort.replace(/^-/, ""), ...request.cols ?? []];
  const summaries = asked.some(isSeriesColumn)
    ? await (await import("./summaries.ts")).summariesOf(await source(), { ...options, now, onBadLine })
    : undefined;
  const rows: Row[] = [];
  for (const experiment of experiments) {
    const row = new Row(experiment, now, onBadLine, summaries);
    if (await isWanted(row, request)) rows.push(row);
  }

  const turn = sort.startsWith("-") ? -1 : 1;
  const order = columnOf(asked[0], experiments);
  const keyed: { row: Row; key: Json | undefined }[] = [];
  for (const row of rows) keyed.push({ row, key: await order.value(row) });
  keyed.sort((a, b) => compare(a.key, b.key, turn) || (a.row.experiment.id < b.row.experiment.id ? -1 : 1));
  const kept = keyed.slice(0, limit).map(({ row }) => row);

  const columns: Column[] = (request.cols ?? [
    ...["id", "name", "kind", "status", ...(await haveLost(kept) ? ["lost"] : []), "age", "duration"],
    ...differingParams(kept.map(({ experiment }) => experiment), request.params ?? Infinity),
  ]).map((name) => columnOf(name, experiments));
  const values: (Json | undefined)[][] = [];
  for (const row of kept) {
    signal?.throwIfAborted();
    values.push(await Promise.all(columns.map((column) => column.value(row))));
  }
  const remarks = new Set([order, ...columns].map((column) => column.remark?.()));
  return {
    columns: columns.map(({ name }) => name),
    rows: values,
    of: experiments.length,
    remarks: [...remarks].filter((remark) => remark !== undefined),
    problems: repository.problems.length,
    badLines,
  };
}

/** Whether a run that is listed could not keep all of its events: then there is a column that says so. */
async function haveLost(rows: readonly Row[]): Promise<boolean> {
  for (const row of rows) if ((await row.status()).lost !== undefined) return true;
  return false;
}

/** What can be said of definitions alone. */
function onlyOf({ kind, name }: ListRequest): ((definition: Brief) => boolean) | undefined {
  if (kind === undefined && name === undefined) return undefined;
  const fits = name === undefined ? () => true : glob(name);
  return (definition) => (kind === undefined || definition.kind === kind) && fits(definition.name);
}

async function isWanted(row: Row, { all, tags = [], status }: ListRequest): Promise<boolean> {
  const notes = await row.notes();
  if (notes.deleted && all !== true) return false;
  if (tags.some((tag) => !notes.tags.includes(tag))) return false;
  return status === undefined || (await row.status()).status === status;
}
