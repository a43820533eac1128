import type { IndexUpdate } from "../../index/update/index_update.ts";
import type { UpdateOptions } from "../../index/log_index.ts";
import type { Source } from "./rows/row_types.ts";
import type { Experiment } from "../../repo/experiments/experiment.ts";
import { namedExperiments } from "../../repo/lookup/named_experiments.ts";
import { type Problem, problem } from "../../repo/problems/problem.ts";
import type { ListOptions, ManyRead } from "../../repo/lookup/context.ts";
import type { Depth } from "../../repo/cache/listing_cache.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { BulkTotals } from "./bulk/bulk_totals.ts";
import { FileCatalogue } from "./catalogue/file_catalogue.ts";
import { listedExperiment } from "./listed_experiment.ts";
import type { ListedLog } from "./listed_log.ts";
import { LogListing } from "./log_listing.ts";
import type { SnapshotNeeds } from "./needs.ts";
import type { GrowingLogs } from "./rows/growing_logs.ts";
import { GrowingRows } from "./rows/growing_rows.ts";
import type { ExperimentRows, LogRows, RunRows } from "./rows/rows.ts";
import { StillExperiments } from "./rows/still_experiments.ts";

export type { ExperimentRow, LogRow, RunRow, Source } from "./rows/row_types.ts";

/** How to take a snapshot. */
export interface SnapshotOptions extends UpdateOptions {
  /** Deleted experiments too. */
  readonly all?: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Leave out experiments that are wholly read into the index just now; `read` of the snapshot counts what they hold. */
  readonly withoutRead?: boolean;
  /** Look at the logs of closed runs too. Default: as long as nothing shows that they have changed, they are taken as known. */
  readonly full?: boolean;
  /** So many runs may be found to be closed: each costs a look into its life log. Default 500. */
  readonly mostClosed?: number;
}

/** Runs that one question may find to be closed. */
const MAX_CLOSED_RUNS = 500;

/** What some repositories hold at a moment. */
export interface Snapshot {
  readonly experiments: ExperimentRows;
  readonly runs: RunRows;
  readonly logs: LogRows;
  /** What the experiments hold that were left out. */
  readonly read: readonly BulkTotals[];
  /** The moment: milliseconds since the Unix epoch. */
  readonly now: number;
}

/** Lists repositories, and brings their indexes up to date. */
export async function takeSnapshot(
  sources: readonly Source[],
  needs: SnapshotNeeds,
  options: SnapshotOptions,
): Promise<Snapshot> {
  const rows = new GrowingRows(needs.runs || needs.logs);
  const { experiments, runs, logs } = rows;
  const read: BulkTotals[] = [];
  for (const source of sources) {
    using _ahead = lookAhead(source, needs, options);
    const update = needs.columns ? source.index.begin({ ...options, isPart: needs.only !== undefined }) : undefined;
    const bulk = update &&
      (async (folders: readonly string[]) => await readMany(source, update, folders, options, read));
    using listing = new LogListing(source, update, logs, options.full);
    const isKnownEnough = !options.full && (!needs.logs || listing.knowsClosed);
    let isWhole = needs.only === undefined && needs.logs;
    const still = isKnownEnough ? new StillExperiments(source, needs, rows, listing.places) : undefined;
    for await (const batch of listed(source, needs, options, bulk, still)) {
      for (const experiment of batch) {
        const found = await listedExperiment(source, experiment, needs, options);
        if (found === undefined) {
          isWhole = false;
          continue;
        }
        experiments.add(found.exp);
        for (const row of found.runs) {
          const { run } = row;
          runs.add(row);
          if (!needs.logs) continue;
          const closed = run.closedLogs();
          if (closed !== undefined && !options.full && listing.listClosed(row, closed)) continue;
          const first = logs.length;
          const later = listing.list(row, run.knownLogs() ?? await run.logs());
          if (later !== undefined) await later;
          // A program that does not know what that means has changed them.
          if (options.full && closed !== undefined && closed.bytes !== bytesFrom(logs, first)) {
            run.keepClosed(undefined);
          }
        }
      }
      await listing.report();
    }
    await listing.report();
    await listing.finish(options.mostClosed ?? MAX_CLOSED_RUNS, isWhole);
    if (needs.times) await addTimes(source, logs, listing.first, options.signal);
  }
  return { experiments, runs, logs, read, now: options.now };
}

/** Other threads look at the experiments while this one loads the index. */
function lookAhead({ repository }: Source, needs: SnapshotNeeds, options: SnapshotOptions): Disposable | undefined {
  const { catalogue, store } = repository;
  if (needs.only !== undefined || !needs.columns || !(store instanceof LocalStore)) return undefined;
  if (!(catalogue instanceof FileCatalogue)) return undefined;
  return catalogue.begin({ root: store.location, depth: depthOf(needs, options), asRows: true });
}

function depthOf({ logs, runs }: SnapshotNeeds, { full }: SnapshotOptions): Depth {
  return logs ? full ? "all" : "logs" : runs ? "runs" : "experiments";
}

/** The bytes of logs, but for those of what runs printed. */
function bytesFrom(logs: GrowingLogs, first: number): number {
  let bytes = 0;
  for (let number = first; number < logs.length; number++) if (logs.hasPoints(number)) bytes += logs.bytesOf(number);
  return bytes;
}

/** The experiments that are looked at, in arrays. */
async function* listed(
  { repository }: Source,
  needs: SnapshotNeeds,
  options: SnapshotOptions,
  readMany: ListOptions["readMany"],
  still: StillExperiments | undefined,
): AsyncGenerator<readonly Experiment[]> {
  const { signal } = options;
  if (needs.only === undefined) {
    const takeRow: ListOptions["takeRow"] = still && ((rows, number) => still.take(rows, number));
    yield* repository.batches({ signal, readMany, ahead: depthOf(needs, options), takeRow });
  } else yield await namedExperiments(repository, needs.only, signal);
}

/** Reads experiments that nothing is known of, many at once. `into`: takes what those hold that are not listed. */
async function readMany(
  { repository }: Source,
  update: IndexUpdate,
  folders: readonly string[],
  { signal, withoutRead = false }: SnapshotOptions,
  into: BulkTotals[],
): Promise<ManyRead | undefined> {
  const { Outcome, readBulk } = await import("./bulk/bulk_reader.ts");
  const read = await readBulk(repository, update, folders, signal);
  if (read === undefined) return undefined;
  const { outcomes, totals } = read;
  if (withoutRead) into.push(totals);
  return {
    isKnown: (at) => outcomes[at] !== Outcome.Left,
    isDone: (at) => withoutRead && outcomes[at] === Outcome.Indexed,
  };
}

/** Gives logs with lines without a time what is known of their arrival. */
async function addTimes({ index }: Source, logs: GrowingLogs, first: number, signal?: AbortSignal): Promise<void> {
  const { owners } = logs;
  for (let from = first, to = first; from < logs.length; from = to) {
    while (to < logs.length && owners[to] === owners[from]) to++;
    const lacking: ListedLog[] = [];
    for (let number = from; number < to; number++) if (mayLackTimes(logs, number)) lacking.push(logs.at(number));
    const others = lacking.filter(({ name }) => name !== "dbx");
    if (others.length === 0) continue;
    const ofRun = Array.from({ length: to - from }, (_, at) => logs.at(from + at));
    const life = ofRun.find(({ name }) => name === "dbx");
    if (life === undefined) continue;
    const arrivals = await index.arrivals.read(life.run.run.log("dbx"), life.file, signal);
    for (const log of others) log.times = arrivals.get(log.name);
  }
}

/** Whether some line of a log has no time, as far as the index knows. */
function mayLackTimes(logs: LogRows, number: number): boolean {
  // What a run printed was kept by dbx, with its time.
  if (!logs.hasPoints(number)) return false;
  const refs = logs.parts(number);
  return refs === undefined || refs.length === 0 ||
    refs.some(({ pack, part }) => pack.directory.parts.untimed[part] > 0);
}

/** Reports the lines of some logs that are not events, as the index remembers them. */
export function reportBadLines(logs: LogRows, onProblem: (problem: Problem) => void): void {
  if (![...logs.packs()].some(({ directory: { problems } }) => problems.length > 0)) return;
  for (let number = 0; number < logs.length; number++) {
    for (const { pack, part } of logs.parts(number) ?? []) {
      const { problems, parts } = pack.directory;
      for (const [of, line, offset, message] of problems) {
        if (of !== part) continue;
        const place = { line: parts.firstLine[part] + line + 1, offset: parts.from[part] + offset };
        onProblem(problem("bad-line", { path: logs.at(number).file.path, ...place, message }));
      }
    }
  }
}
