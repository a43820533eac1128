import type { ArrivalTimes } from "../../index/arrivals.ts";
import type { IndexUpdate } from "../../index/index_update.ts";
import type { UpdateOptions } from "../../index/log_index.ts";
import type { ExperimentRow, LogRow, RunRow, Source } from "../../index/rows.ts";
import type { Experiment } from "../../repo/experiment.ts";
import { namedExperiments } from "../../repo/named_experiments.ts";
import { NO_NOTES } from "../../repo/notes.ts";
import { type Problem, problem } from "../../repo/problem.ts";
import type { ListOptions, ManyRead } from "../../repo/repository.ts";
import { hasLife, type RunStatus } from "../../repo/status.ts";
import type { BulkTotals } from "./bulk/bulk_totals.ts";
import type { ListedLog } from "./listed_log.ts";
import { LogListing } from "./log_listing.ts";

export type { ExperimentRow, LogRow, RunRow, Source } from "../../index/rows.ts";

/** What a snapshot has to know. */
export interface SnapshotNeeds {
  readonly status: boolean;
  readonly runs: boolean;
  readonly runStatus: boolean;
  readonly logs: boolean;
  /** The columns of what runs printed, too. */
  readonly stdout: boolean;
  /** That the index has what the logs say. */
  readonly columns: boolean;
  /** The times of events, too. Default false. */
  readonly times?: boolean;
  /** Look at nothing else. Default: everything. */
  readonly only?: SnapshotRestriction;
}

/**
 * Experiments by their ids, and those that have a run of one of the ids. Of each one all runs are listed. Ids that nothing
 * has are passed over.
 */
export interface SnapshotRestriction {
  readonly experiments?: readonly string[];
  readonly runs?: readonly string[];
}

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
const MOST_CLOSED = 500;

/** What some repositories hold at a moment. */
export interface Snapshot {
  readonly experiments: readonly ExperimentRow[];
  readonly runs: readonly RunRow[];
  readonly logs: readonly LogRow[];
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
  const experiments: ExperimentRow[] = [];
  const runs: RunRow[] = [];
  const logs: ListedLog[][] = [];
  const read: BulkTotals[] = [];
  for (const source of sources) {
    const update = needs.columns ? source.index.begin({ ...options, isPart: needs.only !== undefined }) : undefined;
    const bulk = update &&
      (async (folders: readonly string[]) => await readMany(source, update, folders, options, read));
    using listing = new LogListing(source, update, needs.stdout);
    for await (const batch of listed(source, needs, options, bulk)) {
      for (const experiment of batch) {
        const notes = experiment.mayHaveNotes ? await experiment.notes() : NO_NOTES;
        if (notes.deleted && !options.all) continue;
        const own = needs.runs || needs.logs ? experiment.knownRuns() ?? await experiment.runs() : [];
        const statuses: RunStatus[] = [];
        if (needs.runStatus) {
          for (const run of own) statuses.push(run.knownEnding() ?? await run.status(options.now));
        }
        const known = statuses.findLast(hasLife) ?? statuses.at(-1);
        const status = needs.status ? known ?? await experiment.latestStatus(options.now) : undefined;
        const exp: ExperimentRow = { source, experiment, notes, runs: own.length, status };
        experiments.push(exp);
        for (let at = 0; at < own.length; at++) {
          const row: RunRow = { exp, run: own[at], status: statuses.at(at) };
          runs.push(row);
          if (!needs.logs) continue;
          const closed = options.full ? undefined : own[at].closedLogs();
          if (closed !== undefined && listing.listClosed(row, closed)) continue;
          const later = listing.list(row, own[at].knownLogs() ?? await own[at].logs());
          if (later !== undefined) await later;
        }
      }
      await listing.tell();
    }
    await listing.finish(options.mostClosed ?? MOST_CLOSED);
    if (needs.times) await addTimes(source, listing.rows, options.signal);
    logs.push(listing.rows);
  }
  return { experiments, runs, logs: logs.length === 1 ? logs[0] : logs.flat(), read, now: options.now };
}

/** The experiments that are looked at, in arrays. */
async function* listed(
  { repository }: Source,
  { only, logs, runs }: SnapshotNeeds,
  { signal, full }: SnapshotOptions,
  readMany: ListOptions["readMany"],
): AsyncGenerator<readonly Experiment[]> {
  if (only === undefined) {
    const ahead = logs ? full ? "all" : "logs" : runs ? "runs" : "experiments";
    yield* repository.batches({ signal, readMany, ahead });
  } else yield await namedExperiments(repository, only, signal);
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
async function addTimes({ index }: Source, logs: readonly ListedLog[], signal?: AbortSignal): Promise<void> {
  const lives = new Map(logs.filter(({ name }) => name === "dbx").map((log) => [log.run, log]));
  const arrivals = new Map<RunRow, ReadonlyMap<string, ArrivalTimes>>();
  for (const log of logs) {
    const life = lives.get(log.run);
    if (log === life || life === undefined || !mayLackTimes(log)) continue;
    let ofRun = arrivals.get(log.run);
    if (ofRun === undefined) {
      ofRun = await index.arrivals.read(log.run.run.log("dbx"), life.file, signal);
      arrivals.set(log.run, ofRun);
    }
    log.times = ofRun.get(log.name);
  }
}

/** Whether some line of a log has no time, as far as the index knows. */
function mayLackTimes({ parts: refs, points }: LogRow): boolean {
  // What a run printed was kept by dbx, with its time.
  if (!points) return false;
  return refs === undefined || refs.length === 0 ||
    refs.some(({ pack, part }) => pack.directory.parts.untimed[part] > 0);
}

/** Tells of the lines of some logs that are no events, as the index remembers them. */
export function tellOfBadLines(logs: readonly LogRow[], onProblem: (problem: Problem) => void): void {
  for (const { file, parts: refs } of logs) {
    for (const { pack, part } of refs ?? []) {
      const { problems, parts } = pack.directory;
      for (const [of, line, offset, message] of problems) {
        if (of !== part) continue;
        const place = { line: parts.firstLine[part] + line + 1, offset: parts.from[part] + offset };
        onProblem(problem("bad-line", { path: file.path, ...place, message }));
      }
    }
  }
}
