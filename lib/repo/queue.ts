import { readRequests, type StartRequest } from "./commands.ts";
import type { Experiment } from "./experiment.ts";
import type { Repository } from "./repository.ts";
import type { Run } from "./run.ts";

/** A start that was asked for, and what became of it. */
export interface QueueItem {
  readonly request: StartRequest;
  readonly experiment: Experiment;
  /** `queued`: nobody has it. `claimed`: its run is made, and has not said anything yet. Else how its run is doing. */
  readonly state: "queued" | "cancelled" | "claimed" | "running" | "finished" | "failed" | "killed" | "lost";
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
    for (const request of starts) {
      const run = runs.get(request.run);
      if (run === undefined) {
        items.push({ request, experiment, state: cancelled.has(request.id) ? "cancelled" : "queued" });
        continue;
      }
      const { status } = await run.status(now);
      items.push({ request, experiment, run, state: status === "unknown" ? "claimed" : status });
    }
  }
  return items.sort((a, b) => a.request.ts - b.request.ts || (a.request.id < b.request.id ? -1 : 1));
}
