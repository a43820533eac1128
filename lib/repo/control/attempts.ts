import { createHash } from "node:crypto";
import { lostAfterMs } from "../../format/events/lost_run_limit.ts";
import { EXPIRED_EVENT } from "../logs/claim_events.ts";
import type { Run } from "../experiments/run.ts";

/** Milliseconds after which a claim without a first event is expired. */
export const CLAIM_MS = lostAfterMs();

/** How often a start is offered in all. */
export const MAX_ATTEMPTS = 5;

/**
 * The id of the run of a start's attempt, from 0. All agents find the same one, and the agent that creates that run has
 * it.
 */
export function attemptId(run: string, attempt: number): string {
  if (attempt === 0) return run;
  const hash = createHash("sha256").update(`${run}/${attempt}`).digest("hex");
  return BigInt(`0x${hash}`).toString(36).padStart(13, "0").slice(-13);
}

/** Whether a run was claimed and was then found never to have started. */
export async function hasExpired(run: Run): Promise<boolean> {
  for await (const { event } of run.log("dbx").read()) return event === EXPIRED_EVENT;
  return false;
}

/** Whether a run without a first event is claimed by an agent that must be dead: nothing was written in a long time. */
export async function isAbandoned(run: Run, now: number): Promise<boolean> {
  if (now - run.createdAt <= CLAIM_MS) return false;
  for (const name of await run.logs()) if (await run.log(name).size() > 0) return false;
  return true;
}
