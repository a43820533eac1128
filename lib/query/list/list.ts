import type { Json } from "../../base/json.ts";
import { namesOf } from "../../format/events/series_name.ts";
import { despiteDamage } from "../../index/despite_damage.ts";
import type { Problem } from "../../repo/problems/problem.ts";
import { type Source, takeSnapshot } from "../snapshot/snapshot.ts";
import type { SnapshotNeeds } from "../snapshot/needs.ts";
import { bindQuery } from "../bind/bind.ts";
import { snapshotNeedsOf } from "../session/snapshot_needs.ts";
import { type SessionCache, type TakenSession, takeSession } from "../session/session_cache.ts";
import { dependsOnAge } from "../session/depends_on_age.ts";
import { withErrorsLocated } from "../session/question.ts";
import { bothNeeds, covers, narrowed } from "../snapshot/narrowed.ts";
import { needsOfRun, oneRun } from "../snapshot/one_run.ts";
import { knownSeries } from "../tables/known_names.ts";
import { QuerySession } from "../session/session.ts";
import { defaultColumns, NEEDS_OF_DEFAULT_COLUMNS } from "./shown_by_default.ts";
import type { ExperimentFilter } from "./filter.ts";
import { ListRows } from "./list_rows.ts";
import { findRunId } from "../snapshot/find_run.ts";
import { shorthandQuestion } from "./shorthand.ts";

/** Which experiments to list, and what to show of them. */
export interface ListRequest extends ExperimentFilter {
  /**
   * Columns of `experiments` by full or short names, such as `id`, `params.lr`, `git.commit`, `age`; `first:`, `last:`, `min:`,
   * `max:`, `mean:` or `count:` of a series over all runs. Times are milliseconds. Default: id, name, kind, status, deleted with
   * `all`, lost where events were lost, age, duration, and the params that differ.
   */
  readonly cols?: readonly string[];
  /** How many params at most where `cols` does not say any. Default: all that differ. */
  readonly params?: number;
  /** A column; `-` before it turns the order round. Default `-created`. */
  readonly sort?: string;
  /** Experiments at most. */
  readonly limit?: number;
  /** Deleted ones too. */
  readonly all?: boolean;
  /** Whether to say how many there are without the limit. */
  readonly counted?: boolean;
}

/** Experiments as rows. */
export interface ExperimentList {
  readonly columns: readonly string[];
  /** By columns; undefined where an experiment has no such thing. */
  readonly rows: readonly (readonly (Json | undefined)[])[];
  /** How many experiments there are before any condition. */
  readonly of: number;
  /** How many meet the conditions, of which `rows` are at most `limit`; where that was asked for. */
  readonly matching?: number;
  /** How many are deleted and left out, where there are no others. */
  readonly deleted?: number;
  /** What people should know of the columns: that nothing has the name. */
  readonly remarks: readonly string[];
  /** Damaged definitions, and lines of logs that are not events, all left out. */
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
  /** Of a process that lives on: keeps what it has seen for the next question. */
  readonly views?: SessionCache;
}

/**
 * Lists experiments: first which, by what the conditions and the order need to know of all, then what is to be shown of those.
 *
 * @throws {UsageError} For a column that there is none of, with the near name.
 */
export async function listExperiments(
  source: Source,
  request: ListRequest = {},
  options: ListExperimentsOptions = {},
): Promise<ExperimentList> {
  const run = request.run === undefined ? undefined : await findRunId([source], request.run);
  return await despiteDamage([source.index], async (turn) => {
    if (turn > 0) options.views?.drop();
    return await list(source, request, { now: Date.now(), ...options }, run);
  });
}

/** Experiments are few that are less than one in so many. */
const FEW = 50;

/** What is looked at: all, or the experiments with some ids. */
interface Look {
  readonly ids?: readonly string[];
  readonly dependsOnAge?: boolean;
}

async function list(
  source: Source,
  request: ListRequest,
  options: ListExperimentsOptions & { readonly now: number },
  run: string | undefined,
): Promise<ExperimentList> {
  const { now, signal } = options;
  const bad = new Set<string>();
  const onProblem = ({ path, line }: Problem) => void bad.add(`${path} ${line}`);
  const how = { ...options, all: request.all };
  let held: TakenSession | undefined;
  /** Looks at all experiments, or at those with some ids; what was seen before is not looked at again. */
  const look = async (needs: SnapshotNeeds, { ids, dependsOnAge }: Look = {}): Promise<QuerySession> => {
    // To look at few again is sooner done than to look for them among all.
    const areFew = ids !== undefined && run === undefined && held !== undefined &&
      ids.length * FEW < held.view.snapshot.experiments.length;
    if (held === undefined || areFew || !covers(held.needs, needs)) {
      const only = ids && { experiments: ids };
      const take = options.views?.take.bind(options.views) ?? takeSession;
      held = run === undefined
        ? await take([source], { ...needs, only }, { ...how, dependsOnAge })
        : { needs, view: new QuerySession(oneRun(await takeSnapshot([source], needsOfRun(needs, run), how), run)) };
    }
    return ids === undefined ? held.view : new QuerySession({ ...narrowed(held.view.snapshot, ids), now });
  };
  const countAll = async () =>
    (await takeSnapshot([source], EXPERIMENTS_ALONE, { ...how, all: true })).experiments.length;
  /** Names are mistakes where nothing at all has them. */
  const whole = (needs: SnapshotNeeds) => () => takeSnapshot([source], needs, how);

  const asked = request.cols && await bindColumns(request.cols);
  const counted = request.counted === true && hasConditions(request);
  const limit = counted ? undefined : request.limit;
  const which = shorthandQuestion({ ...request, limit, cols: ["exp"], sort: request.sort ?? "-created" }, now);
  const { ids, of, matching } = await withErrorsLocated(which, async () => {
    const bound = bindQuery(which.tree, which.sql);
    const needs = snapshotNeedsOf(bound);
    const wanted = showsAll(request) ? bothNeeds(needs, asked?.needs ?? NEEDS_OF_DEFAULT_COLUMNS) : needs;
    const view = await look(wanted, { dependsOnAge: dependsOnAge(bound) });
    const asking = { signal, onProblem, whole: run === undefined ? undefined : whole(needs) };
    using answer = await view.ask(bound, {}, asking);
    const rows = await Array.fromAsync(answer);
    const of = view.snapshot.experiments.length;
    const ids = (counted ? rows.slice(0, request.limit) : rows).map(([id]) => String(id));
    return { ids, of, ...request.counted && { matching: counted ? rows.length : of } };
  });
  const { shown, bound, needs } = asked ??
    await bindColumns(defaultColumns((await look(NEEDS_OF_DEFAULT_COLUMNS, { ids })).snapshot, ids, request));
  return await withErrorsLocated(shown.question, async () => {
    const view = await look(needs, { ids });
    const { snapshot } = view;
    const asking = { signal, onProblem, awaitsSeries: true, whole: whole(needs) };
    using answer = await view.ask(bound, {}, asking);
    const rows = await shown.rowsOf(answer, ids, snapshot);
    return {
      columns: shown.names,
      rows,
      of,
      ...matching !== undefined && { matching },
      ...of === 0 && !request.all && { deleted: await countAll() },
      remarks: shown.remarks(rows, () => namesOf(knownSeries(snapshot).map(({ series }) => series))),
      problems: source.repository.problems.length,
      badLines: bad.size,
    };
  });
}

/** The columns that are to be shown, and what has to be known for them. */
async function bindColumns(names: readonly string[]) {
  const shown = new ListRows(names);
  return await withErrorsLocated(shown.question, () => {
    const bound = bindQuery(shown.question.tree, shown.question.sql);
    return Promise.resolve({ shown, bound, needs: snapshotNeedsOf(bound) });
  });
}

/** Whether no experiment is left out, so that all that is to be shown can be looked at together with what orders them. */
function showsAll(request: ListRequest): boolean {
  return (request.limit ?? Infinity) === Infinity && !hasConditions(request);
}

function hasConditions({ where, kind, name, tags = [], status, since }: ListRequest): boolean {
  return tags.length > 0 || [where, kind, name, status, since].some((condition) => condition !== undefined);
}

/** That there are experiments is all that has to be known. */
const EXPERIMENTS_ALONE: SnapshotNeeds = { status: false, runs: false, runStatus: false, logs: false, columns: false };
