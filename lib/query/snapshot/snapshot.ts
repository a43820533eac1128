import type { ArrivalTimes } from "../../index/arrivals.ts";
import type { UpdateOptions } from "../../index/log_index.ts";
import type { LogFile } from "../../index/log_file.ts";
import type { ExperimentRow, LogRow, RunRow, Source } from "../../index/rows.ts";
import type { LogIndex, PartRef } from "../../index/log_index.ts";
import type { Experiment } from "../../repo/experiment.ts";
import { namedExperiments } from "../../repo/named_experiments.ts";
import type { Notes } from "../../repo/notes.ts";
import type { Problem } from "../../repo/problem.ts";
import type { Run } from "../../repo/run.ts";
import { hasLife, type RunStatus } from "../../repo/status.ts";
import type { Look, Stat } from "../../store/store.ts";

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
}

/** What some repositories hold at a moment. */
export interface Snapshot {
  readonly experiments: readonly ExperimentRow[];
  readonly runs: readonly RunRow[];
  readonly logs: readonly LogRow[];
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
  const logs: Listed[] = [];
  for (const source of sources) {
    using update = needs.columns ? source.index.begin({ ...options, isPart: needs.only !== undefined }) : undefined;
    const before = logs.length;
    for await (const batch of listed(source, needs, options)) {
      const files: LogFile[] = [];
      for (const experiment of batch) {
        const notes = experiment.mayHaveNotes ? await experiment.notes() : NO_NOTES;
        if (notes.deleted && !options.all) continue;
        const own = needs.runs || needs.logs ? await experiment.runs() : [];
        const statuses: RunStatus[] = [];
        if (needs.runStatus) { for (const run of own) statuses.push(await run.status(options.now)); }
        const known = statuses.findLast(hasLife) ?? statuses.at(-1);
        const status = needs.status ? known ?? await experiment.latestStatus(options.now) : undefined;
        const exp: ExperimentRow = { source, experiment, notes, runs: own.length, status };
        experiments.push(exp);
        for (const [at, run] of own.entries()) {
          const row: RunRow = { exp, run, status: statuses.at(at) };
          runs.push(row);
          if (!needs.logs) continue;
          for (const name of await run.logs()) {
            const points = name !== "stdout";
            const file = await logFile(source.index, run, name, points);
            logs.push({ run: row, name, file, parts: NO_PARTS });
            if (points || needs.stdout) files.push(file);
          }
        }
      }
      await update?.add(files);
    }
    if (update !== undefined) {
      await update.finish();
      for (let at = before; at < logs.length; at++) logs[at].parts = source.index.partsOf(logs[at].file);
    }
    if (needs.times) await addTimes(source, logs.slice(before), options.signal);
  }
  return { experiments, runs, logs, now: options.now };
}

const NO_NOTES: Notes = { tags: [], notes: [], deleted: false };
const NO_PARTS: readonly PartRef[] = [];

/** The experiments that are looked at, in arrays. */
async function* listed(
  { repository }: Source,
  { only }: SnapshotNeeds,
  { signal }: SnapshotOptions,
): AsyncGenerator<readonly Experiment[]> {
  if (only === undefined) yield* repository.batches({ signal });
  else yield await namedExperiments(repository, only, signal);
}

type Listed = { -readonly [K in keyof LogRow]: LogRow[K] };

/** Gives logs with lines without a time what is known of their arrival. */
async function addTimes({ index }: Source, logs: readonly Listed[], signal?: AbortSignal): Promise<void> {
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
function mayLackTimes({ parts: refs, file }: LogRow): boolean {
  // What a run printed was kept by dbx, with its time.
  if (!file.points) return false;
  return refs === undefined || refs.length === 0 ||
    refs.some(({ pack, part }) => pack.directory.parts.untimed[part] > 0);
}

async function logFile(index: LogIndex, run: Run, name: string, points: boolean): Promise<LogFile> {
  const { file: path, store, version } = run.log(name);
  // The end of a run is the last event of its life log; where its folder has not changed, it is that file still.
  const known = index.find(path);
  const ended = known !== undefined && name === "dbx" && run.isAsListed ? index.seenAtEnd(known) : undefined;
  // No folder above it is a link: the runs were listed.
  const stat = ended ?? (store.look === undefined ? await store.stat(path) : store.look(path));
  // One number that differs when either does: the one can be set, the other has a coarse grain.
  const modifiedAt = ended?.modifiedAt ?? (stat?.modifiedAt ?? 0) + ((stat as Stat | undefined)?.changedAt ?? 0);
  return { path, version, size: stat?.size ?? 0, modifiedAt, points, known, seen: seenAs(stat as Look | undefined) };
}

/** Tells of the lines of some logs that are no events, as the index remembers them. */
export function tellOfBadLines(logs: readonly LogRow[], onProblem: (problem: Problem) => void): void {
  for (const { file, parts: refs } of logs) {
    for (const { pack, part } of refs ?? []) {
      const { problems, parts } = pack.directory;
      for (const [of, line, offset, message] of problems) {
        if (of !== part) continue;
        const place = { line: parts.firstLine[part] + line + 1, offset: parts.from[part] + offset };
        onProblem({ path: file.path, ...place, kind: "bad-line", message, severity: "damage" });
      }
    }
  }
}

function seenAs(look: Look | undefined): LogFile["seen"] {
  return look?.device === undefined || look.inode === undefined ? undefined : { dev: look.device, ino: look.inode };
}
