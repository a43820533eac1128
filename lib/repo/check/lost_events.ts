import { type Problem, problem } from "../problems/problem.ts";
import type { Run } from "../experiments/run.ts";

/** Says what a run could not keep. Nothing of the repository is damaged by it, but it does not hold all that was logged. */
export async function* checkLostEvents(run: Run): AsyncIterableIterator<Problem> {
  const { lost, lostReasons = [] } = await run.status();
  if (lost === undefined) return;
  const why = lostReasons.length === 0 ? "" : `: ${lostReasons.join("; ")}`;
  const message = `the run failed to record ${lost} of its events${why}`;
  yield problem("lost-events", { path: run.folder, message });
}
