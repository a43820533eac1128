import { attemptId, CLAIM_MS, hasExpired, isAbandoned, MAX_ATTEMPTS } from "./attempts.ts";
import { readRequests, type StartRequest } from "./requests.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { Repository } from "../repository.ts";
import type { Run } from "../experiments/run.ts";

/** A start that was asked for, and what became of it. */
export interface QueueItem {
  /** Its `run` is that of the current attempt. */
  readonly request: StartRequest;
  readonly experiment: Experiment;
  /**
   * `queued`: it is unclaimed. `claimed`: its run is made, and has not said anything yet. `expired`: the same for so
   * long that the claimer must be dead; an agent then offers it again. Else how its run is doing.
   */
  readonly state:
    | "queued"
    | "cancelled"
    | "claimed"
    | "expired"
    | "running"
    | "finished"
    | "failed"
    | "killed"
    | "lost";
  /** From 0: how many claims of it expired before. */
  readonly attempt: number;
  readonly run?: Run;
}

/** Every start that was asked for, oldest first. Deleted experiments have none. `now`: milliseconds since the Unix epoch. */
export async function readQueue(repository: Repository, now: number): Promise<QueueItem[]> {
  const items: QueueItem[] = [];
  for await (const experiment of repository.experiments()) {
    if (!experiment.mayHaveNotes || experiment.version === 0) continue;
    const requests = await readRequests(experiment);
    const starts = requests.filter((request) => request.command === "start");
    if (starts.length === 0 || (await experiment.notes()).deleted) continue;
    const cancelled = new Set(requests.flatMap((request) => (request.command === "cancel" ? [request.of] : [])));
    const runs = new Map((await experiment.runs()).map((run) => [run.id, run]));
    for (const start of starts) {
      const { request, attempt, run } = await currentAttempt(start, runs);
      const state = run === undefined
        ? cancelled.has(start.id) ? "cancelled" : "queued"
        : await stateOf(run, attempt, cancelled.has(start.id), now);
      items.push({ request, experiment, attempt, run, state });
    }
  }
  return items.sort((a, b) => a.request.ts - b.request.ts || (a.request.id < b.request.id ? -1 : 1));
}

/** The attempt of a start that counts: the first whose claim did not expire. */
async function currentAttempt(
  start: StartRequest,
  runs: ReadonlyMap<string, Run>,
): Promise<{ readonly request: StartRequest; readonly attempt: number; readonly run: Run | undefined }> {
  for (let attempt = 0;; attempt++) {
    const id = attemptId(start.run, attempt);
    const run = runs.get(id);
    if (run === undefined || attempt === MAX_ATTEMPTS - 1 || !(await hasExpired(run))) {
      return { request: { ...start, run: id }, attempt, run };
    }
  }
}

async function stateOf(run: Run, attempt: number, isCancelled: boolean, now: number): Promise<QueueItem["state"]> {
  const { status } = await run.status(now);
  if (attempt === MAX_ATTEMPTS - 1 && await hasExpired(run)) return "expired";
  if (status !== "unknown") return status;
  if (now - run.createdAt <= CLAIM_MS) return "claimed";
  if (!(await isAbandoned(run, now))) return "lost";
  return isCancelled ? "cancelled" : "expired";
}
