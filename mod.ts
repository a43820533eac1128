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
export type { ExperimentDefinition, RunDefinition } from "./lib/format/definitions/definition.ts";
export { encodeEvent, type LogEvent, parseEvent } from "./lib/format/events/event.ts";
export { type Point, seriesOf } from "./lib/format/events/series_key.ts";
export { decodeValue, encodeValue } from "./lib/format/json/value.ts";
export type {
  BulkOptions,
  Capabilities,
  Entry,
  FileChunk,
  FileEntry,
  FileIssue,
  InventoryOptions,
  Prefix,
  PrefixHash,
  ReadRange,
  Stat,
  Store,
  WriteReport,
} from "./lib/store/store.ts";
export { LocalStore } from "./lib/store/local/local_store.ts";
export { MemoryStore } from "./lib/store/memory_store.ts";
export { openObject, putObject, type StoredObject } from "./lib/store/local/objects.ts";
export type { Experiment } from "./lib/repo/experiments/experiment.ts";
export { LogReader } from "./lib/repo/logs/log_reader.ts";
export type { ReadEvent, ReadOptions } from "./lib/repo/logs/read_event.ts";
export type { Notes } from "./lib/repo/logs/notes.ts";
export { initRepository, openReader } from "./lib/repo/open.ts";
export type { Problem } from "./lib/repo/problems/problem.ts";
export type { Repository } from "./lib/repo/repository.ts";
export type { Run } from "./lib/repo/experiments/run.ts";
export type { RunStatus } from "./lib/repo/logs/run_status.ts";
export { consoleLogger } from "./lib/logger/console_logger.ts";
export { LogContext, type Stopwatch } from "./lib/logger/log_context.ts";
export { type Durability, type LogReport, LogWriter, type LogWriterOptions } from "./lib/logger/log/log_writer.ts";
export { type ExperimentOptions, LoggedExperiment, LoggingRepository, type RunOptions } from "./lib/logger/open.ts";
export { type FileSource, RunLogger } from "./lib/logger/run_logger.ts";
export { query, type QueryOptions, type QueryResult, type QueryValue } from "./lib/query/query.ts";
export type { ExperimentList, ListExperimentsOptions, ListRequest } from "./lib/query/list/list.ts";
export { QueryError } from "./lib/query/result/query_error.ts";
export { type Shorthand, shorthandSql } from "./lib/query/list/shorthand.ts";
export { type ColumnSpec, TABLES, type TableSpec } from "./lib/query/schema/tables.ts";
export type { ResultColumn } from "./lib/query/result/typed_columns.ts";
export type { Curve, CurveAggregate, CurveSelector } from "./lib/query/curves/curve.ts";
export { downsample } from "./lib/query/curves/downsample.ts";
export { type AnyRepository, type OpenOptions, openRepository } from "./lib/client/location/open_repository.ts";
export { LocalRepository } from "./lib/client/local_repository.ts";
export { RemoteRepository, type RemoteRepositoryOptions } from "./lib/client/remote_repository.ts";
export type { LiveResult } from "./lib/client/live_results.ts";
export { applyChanges, type Change } from "./lib/live/diff.ts";
export { type DescribedSchema, describeSchema } from "./lib/query/describe_schema.ts";
export type { CommandRequest, StartRequest, StopRequest } from "./lib/repo/control/requests.ts";
export { QuerySession } from "./lib/query/session/session.ts";
export { openStore } from "./lib/client/location/open_store.ts";
export type { Selection } from "./lib/sync/select.ts";
export { sync } from "./lib/client/location/sync.ts";
export type { SyncOptions, SyncReport } from "./lib/sync/sync.ts";
export type { Progress, Transferred } from "./lib/sync/transfer/transfer.ts";
export { watch, type WatchOptions } from "./lib/sync/watch.ts";
export type { ClientOptions } from "./lib/client/http/client.ts";
export type { Transport } from "./lib/client/http/exchange.ts";
export { RemoteStore } from "./lib/client/store/remote_store.ts";
export { storeRoutes } from "./lib/server/repository/store_routes.ts";
