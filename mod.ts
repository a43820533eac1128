/**
 * dbx: a plain-file repository of machine-learning experiments. What a script needs to record, to ask, and to synchronise; what one
 * needs to write a store of another kind is in `lib/store/mod.ts`, and to embed the server in `lib/server/mod.ts`.
 *
 * @example Record a run, and ask for what it logged
 * ```ts
 * import { openRepository } from "./mod.ts";
 *
 * const repo = await openRepository(await Deno.makeTempDir());
 * const experiment = await repo.experiment({ kind: "demo", params: { lr: 0.1 } });
 * {
 *   await using run = await experiment.run();
 *   for (const epoch of run.each("epoch", 3)) epoch.log("", { loss: 1 / (epoch.index + 1) });
 * }
 * const [{ best }] = await repo.query("SELECT min(value) AS best FROM points").objects<{ best: number }>();
 * if (best !== 1 / 3) throw new Error(`the best loss is ${best}`);
 * await Deno.remove(repo.location, { recursive: true });
 * ```
 *
 * @module
 */

/**
 * A repository in a folder, or behind the URL of a `dbx serve`: both can do the same.
 *
 * @example
 * ```ts
 * import { type OpenOptions, openRepository, type Repository } from "./mod.ts";
 *
 * const options: OpenOptions = { create: true };
 * const repo: Repository = await openRepository(await Deno.makeTempDir(), options);
 * for await (const { id, kind, params } of repo.experiments()) console.log(id, kind, params);
 * await Deno.remove(repo.location, { recursive: true });
 * ```
 */
export {
  type AnyRepository as Repository,
  type OpenOptions,
  openRepository,
} from "./lib/client/location/open_repository.ts";

/**
 * Recording. An experiment is what is tried, with its parameters; a run is one execution of it.
 *
 * @example
 * ```ts
 * import { type ExperimentOptions, type LoggedExperiment, type LogReport, openRepository, type RunLogger, type RunOptions } from "./mod.ts";
 *
 * const repo = await openRepository(await Deno.makeTempDir());
 * const wanted: ExperimentOptions = { kind: "mnist", name: "sweeps/lr", params: { lr: 0.1, layers: [64, 10] } };
 * const experiment: LoggedExperiment = await repo.experiment(wanted);
 *
 * const options: RunOptions = { git: false, durability: "event", extra: { seed: 1 } };
 * const run: RunLogger = await experiment.run(options);
 * run.log("train/epoch/0", { loss: 0.5 });
 * await run.file("notes.txt", new TextEncoder().encode("a file, kept by its hash"));
 * const report: LogReport = await run.finish();
 * if (report.lost > 0) throw new Error(report.reasons.join());
 *
 * // Any time later, by the beginning of its id: tags, notes, further runs.
 * const again = await repo.experiment(experiment.id.slice(0, 8));
 * await again.tag("baseline");
 * await again.note("as good as the paper says");
 * await Deno.remove(repo.location, { recursive: true });
 * ```
 */
export type { ExperimentOptions, RunOptions } from "./lib/logger/options.ts";
export type { LoggedExperiment } from "./lib/logger/logged_experiment.ts";
export type { RunLogger } from "./lib/logger/run_logger.ts";
export type { LogReport } from "./lib/logger/log/log_writer.ts";

/**
 * A place in the tree of events. Code that takes one logs into a run, or to the console.
 *
 * @example
 * ```ts
 * import { consoleLogger, type LogContext } from "./mod.ts";
 *
 * function train(log: LogContext) {
 *   for (const epoch of log.each("epoch", 2)) {
 *     using watch = epoch.start("train");
 *     watch.end({ loss: 1 / (epoch.index + 1) });
 *   }
 * }
 *
 * const lines: string[] = [];
 * train(consoleLogger((line) => lines.push(line)));
 * if (!lines[1].startsWith('{"event":"epoch/1/train"')) throw new Error(lines[1]);
 * ```
 */
export { consoleLogger } from "./lib/logger/console_logger.ts";
export type { LogContext } from "./lib/logger/log_context.ts";

/**
 * Reading, event by event.
 *
 * @example
 * ```ts
 * import { type Experiment, openRepository, type Run } from "./mod.ts";
 *
 * const repo = await openRepository(await Deno.makeTempDir());
 * const { id } = await repo.experiment({ kind: "demo" });
 * await using logged = await (await repo.experiment(id)).run();
 * logged.log("train", { loss: 0.5 });
 * await logged.finish();
 *
 * const experiment: Experiment = await repo.findExperiment(id.slice(0, 6));
 * const runs: Run[] = await experiment.runs();
 * for await (const { event, data } of runs[0].log().read()) console.log(event, data.loss);
 * console.log((await runs[0].status()).status, (await experiment.notes()).tags);
 * await Deno.remove(repo.location, { recursive: true });
 * ```
 */
export type { Experiment } from "./lib/repo/experiments/experiment.ts";
export type { Run } from "./lib/repo/experiments/run.ts";

/**
 * Asking, in SQL. Rows come as arrays or as objects, and columns as typed arrays.
 *
 * @example
 * ```ts
 * import { openRepository, QueryError, type QueryResult, type QueryValue } from "./mod.ts";
 *
 * const repo = await openRepository(await Deno.makeTempDir());
 * await repo.experiment({ kind: "a", params: { lr: 0.1 } });
 * await repo.experiment({ kind: "b", params: { lr: 0.2 } });
 * const sql = 'SELECT kind, "params.lr" AS lr FROM experiments WHERE "params.lr" > :low ORDER BY kind';
 *
 * const all = await repo.query(sql, { low: 0 }).objects<{ kind: string; lr: number }>();
 * if (all[1].lr !== 0.2) throw new Error(`${all[1].lr}`);
 * for await (const { kind, lr } of repo.query(sql, { low: 0.1 }).objects()) console.log(kind, lr);
 *
 * using answer: QueryResult = await repo.query(sql, { low: 0 });
 * for await (const [kind, lr] of answer) console.log(answer.columns, kind as QueryValue, lr);
 * const { lr } = await repo.columns(sql, { low: 0 });
 * console.log(lr instanceof Float64Array);
 *
 * try {
 *   await repo.query("SELECT knd FROM experiments");
 * } catch (error) {
 *   if (!(error instanceof QueryError)) throw error;
 *   console.log(error.message); // … did you mean "kind"?, and the place in the query
 * }
 * await Deno.remove(repo.location, { recursive: true });
 * ```
 */
export type { QueryResult, QueryValue } from "./lib/query/result/answer.ts";
export { QueryError } from "./lib/query/result/query_error.ts";

/**
 * Curves as `dbx series` draws them, lists as `dbx ls` prints them, and answers that follow what is written.
 *
 * @example
 * ```ts
 * import { type Curve, type CurveSelector, type ExperimentList, type ListRequest, type LiveResult, openRepository } from "./mod.ts";
 *
 * const repo = await openRepository(await Deno.makeTempDir());
 * const run = await (await repo.experiment({ kind: "demo", params: { lr: 0.1 } })).run();
 * for (const epoch of run.each("epoch", 5)) epoch.log("train", { loss: 1 / (epoch.index + 1) });
 * await run.finish();
 *
 * const wanted: CurveSelector = { series: "loss", groupBy: ["params.lr"], aggregates: ["mean", "std"] };
 * const [curve]: Curve[] = await repo.series(wanted);
 * if (curve.y.mean.length !== 5) throw new Error("five epochs");
 *
 * const request: ListRequest = { cols: ["id", "params.lr", "last:loss"], sort: "-created" };
 * const list: ExperimentList = await repo.list(request);
 * console.log(list.columns, list.rows);
 *
 * const answers: AsyncIterable<LiveResult> = repo.live("SELECT count(*) FROM experiments");
 * for await (const { rows } of answers) {
 *   console.log(rows); // … and again whenever that changes
 *   break;
 * }
 * await repo.close();
 * await Deno.remove(repo.location, { recursive: true });
 * ```
 */
export type { Curve, CurveSelector } from "./lib/query/curves/curve.ts";
export type { ExperimentList, ListRequest } from "./lib/query/list/list.ts";
export type { LiveResult } from "./lib/client/live/live_results.ts";

/**
 * Expecting something of series in a test, with any test framework.
 *
 * @example
 * ```ts
 * import { expectSeries, openRepository, type SeriesExpectation } from "./mod.ts";
 *
 * const repo = await openRepository(await Deno.makeTempDir());
 * const run = await (await repo.experiment({ kind: "demo" })).run();
 * for (const epoch of run.each("epoch", 20)) epoch.log("train", { loss: 1 / (epoch.index + 1) });
 * await run.finish();
 *
 * await expectSeries(run, "loss").toDecrease().below(0.1);
 * await expectSeries(await repo.findRun(run.id), "loss").toBeFinite().toHaveLength(20);
 *
 * const expectation: SeriesExpectation = expectSeries([3, 1, 2]).toDecrease({ strictly: true });
 * try {
 *   await expectation;
 * } catch (error) {
 *   console.log((error as Error).name); // AssertionError
 *   console.log((error as Error).message); // what was expected, what was found, and a plot
 * }
 * await Deno.remove(repo.location, { recursive: true });
 * ```
 */
export { expectSeries, type SeriesExpectation } from "./lib/compare/expect/expect_series.ts";

/**
 * Synchronising: two repositories made equal, once, or as long as they are written.
 *
 * @example
 * ```ts
 * import { openRepository, sync, type SyncOptions, type SyncReport, watch, type WatchOptions } from "./mod.ts";
 *
 * const repo = await openRepository(await Deno.makeTempDir());
 * await repo.experiment({ kind: "demo" });
 * const copy = await Deno.makeTempDir();
 *
 * const options: SyncOptions = { direction: "push" };
 * const report: SyncReport = await sync(repo.location, copy, options);
 * if (report.sent.experiments !== 1 || report.setbacks.length > 0) throw new Error("an equal copy");
 *
 * const controller = new AbortController();
 * const following: WatchOptions = { signal: controller.signal, onReport: () => controller.abort() };
 * await watch(repo.location, copy, following);
 * for (const folder of [repo.location, copy]) await Deno.remove(folder, { recursive: true });
 * ```
 */
export { sync, watch } from "./lib/client/location/sync.ts";
export type { SyncOptions, SyncReport } from "./lib/sync/sync.ts";
export type { WatchOptions } from "./lib/sync/watch.ts";

/**
 * What is thrown on purpose, each with a message that says what to do.
 *
 * @example
 * ```ts
 * import { AmbiguousError, DbxError, LostEventsError, NotFoundError, openRepository, UnreachableError, UsageError } from "./mod.ts";
 *
 * const repo = await openRepository(await Deno.makeTempDir());
 * try {
 *   await repo.findRun("abc");
 * } catch (error) {
 *   if (error instanceof NotFoundError) console.log(error.message);
 *   else if (error instanceof AmbiguousError) console.log(error.candidates);
 *   else if (error instanceof UnreachableError) console.log("the server is down");
 *   else if (error instanceof UsageError || error instanceof DbxError) console.log(error.exitCode);
 *   else throw error;
 * }
 *
 * try {
 *   await using run = await (await repo.experiment({ kind: "demo" })).run({ strict: true });
 *   run.log("train", { loss: 0.5 });
 * } catch (error) {
 *   if (error instanceof LostEventsError) console.log(error.report.lost); // without `strict`, a warning says so
 * }
 * await Deno.remove(repo.location, { recursive: true });
 * ```
 */
export { AmbiguousError, DbxError, NotFoundError, UnreachableError, UsageError } from "./lib/base/errors.ts";
export { LostEventsError } from "./lib/logger/lost_events_error.ts";
