/**
 * dbx: a plain-file repository of machine-learning experiments.
 *
 * @example
 * ```ts
 * import { openRepository } from "./mod.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const repo = await openRepository(folder);
 * const experiment = await repo.experiment({ kind: "demo", params: { lr: 0.1 } });
 * const run = await experiment.run({ env: false, git: false });
 * for (const epoch of run.each("epoch", 3)) epoch.log("", { loss: 1 / (epoch.index + 1) });
 * const report = await run.finish();
 * if (report.events !== 3 || report.lost !== 0) throw new Error("events were lost");
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @module
 */
export * from "./lib/base/errors.ts";
export { isId, newId } from "./lib/base/ids.ts";
export type { Json, JsonObject } from "./lib/base/json.ts";
export type { ExperimentDefinition, RunDefinition } from "./lib/format/definition.ts";
export { encodeEvent, type LogEvent, parseEvent } from "./lib/format/event.ts";
export { type Point, seriesOf } from "./lib/format/series.ts";
export { decodeValue, encodeValue } from "./lib/format/value.ts";
export type {
  BulkOptions,
  Capabilities,
  Entry,
  Extent,
  FileEntry,
  InventoryOptions,
  Part,
  Proof,
  Setback,
  Stat,
  Store,
  Taken,
  Want,
} from "./lib/store/store.ts";
export { LocalStore } from "./lib/store/local.ts";
export { MemoryStore } from "./lib/store/memory.ts";
export { openObject, putObject, type StoredObject } from "./lib/store/objects.ts";
export type { Experiment } from "./lib/repo/experiment.ts";
export { LogReader, type ReadEvent, type ReadOptions } from "./lib/repo/log_reader.ts";
export type { Notes } from "./lib/repo/notes.ts";
export { initRepository, openReader } from "./lib/repo/open.ts";
export type { Problem } from "./lib/repo/problem.ts";
export type { Repository } from "./lib/repo/repository.ts";
export type { Run } from "./lib/repo/run.ts";
export type { RunStatus } from "./lib/repo/status.ts";
export { consoleLogger } from "./lib/logger/console_logger.ts";
export { LogContext, type Stopwatch } from "./lib/logger/context.ts";
export { type Durability, type LogReport, LogWriter, type LogWriterOptions } from "./lib/logger/log_writer.ts";
export { type ExperimentOptions, LoggedExperiment, LoggingRepository, type RunOptions } from "./lib/logger/open.ts";
export { type FileSource, RunLogger } from "./lib/logger/run_logger.ts";
export { type Answer, query, type QueryOptions, type QueryValue } from "./lib/query/query.ts";
export type { ExperimentList, ListExperimentsOptions, ListRequest } from "./lib/query/list/list.ts";
export { QueryError } from "./lib/query/result/query_error.ts";
export { type Shorthand, shorthandSql } from "./lib/query/list/shorthand.ts";
export { type ColumnSpec, TABLES, type TableSpec } from "./lib/query/tables/schema.ts";
export type { AnswerColumn } from "./lib/query/result/typed_columns.ts";
export type { Curve, CurveAggregate, CurveSelector } from "./lib/query/curves/curves.ts";
export { reduceCurve } from "./lib/query/curves/reduce_curve.ts";
export { type AnyRepository, type OpenOptions, openRepository } from "./lib/client/open_repository.ts";
export { OpenedRepository } from "./lib/client/opened.ts";
export { RemoteRepository, type RemoteRepositoryOptions } from "./lib/client/remote_repository.ts";
export type { LiveAnswer } from "./lib/client/live_follow.ts";
export { applyChanges, type Change } from "./lib/live/diff.ts";
export { type DescribedSchema, describeSchema } from "./lib/query/schema_json.ts";
export type { CommandRequest, StartRequest, StopRequest } from "./lib/repo/commands.ts";
export { View } from "./lib/query/view.ts";
export { openStore } from "./lib/sync/open_store.ts";
export type { Selection } from "./lib/sync/select.ts";
export { sync, type SyncOptions, type SyncReport } from "./lib/sync/sync.ts";
export type { Progress, Transferred } from "./lib/sync/transfer.ts";
export { watch, type WatchOptions } from "./lib/sync/watch.ts";
export { type RemoteOptions, RemoteStore, type Transport } from "./lib/store/remote/remote.ts";
export { storeRoutes } from "./lib/server/store_routes.ts";
