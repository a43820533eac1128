import { isId } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Experiment } from "../experiments/experiment.ts";

/** The event of a request, in the notes of an experiment, and of its acknowledgement, in the log `dbx` of the run. */
export const COMMAND_EVENT = "dbx/command";

/** That a run is to stop. */
export interface StopRequest {
  readonly command: "stop";
  readonly id: string;
  /** Milliseconds since the Unix epoch, by the clock of who asked. */
  readonly ts: number;
  readonly run: string;
  /** Seconds from the signal to the kill; undefined: as the run was started with, which may be none. */
  readonly grace?: number;
}

/** That a command is to be run. */
export interface StartRequest {
  readonly command: "start";
  readonly id: string;
  readonly ts: number;
  readonly exp: string;
  /** The id that the run will have: only the agent that creates the run with that id runs it. */
  readonly run: string;
  readonly cmd: readonly string[];
  /** The working folder there; undefined: the agent's. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The names of the agents that may take it; undefined: every one. */
  readonly agents?: readonly string[];
}

/** That a start is no longer wanted. */
export interface CancelRequest {
  readonly command: "cancel";
  readonly id: string;
  readonly ts: number;
  /** The id of the start. */
  readonly of: string;
}

/** What is requested. */
export type CommandRequest = StopRequest | StartRequest | CancelRequest;

/** The requests in the notes of an experiment, in the order of their times. Other lines are skipped. */
export async function readRequests(experiment: Experiment): Promise<CommandRequest[]> {
  if (!experiment.mayHaveNotes) return [];
  const requests = new Map<string, CommandRequest>();
  for (const log of await experiment.noteLogs()) {
    for await (const batch of log.batches()) {
      for (const { event, ts, data } of batch) {
        if (event !== COMMAND_EVENT) continue;
        const request = requestOf(data, experiment.id, ts ?? 0);
        if (request !== undefined) requests.set(request.id, request);
      }
    }
  }
  return [...requests.values()].sort((a, b) => a.ts - b.ts || (a.id < b.id ? -1 : 1));
}

/** The request that event data say; undefined where they say none. */
export function requestOf(data: JsonObject, exp: string, ts: number): CommandRequest | undefined {
  const { command, id, run } = data;
  if (typeof id !== "string" || !isId(id)) return undefined;
  if (command === "stop" && typeof run === "string") {
    const grace = typeof data.grace === "number" && data.grace >= 0 ? data.grace : undefined;
    return { command, id, ts, run, grace };
  }
  if (command === "cancel" && typeof data.of === "string") return { command, id, ts, of: data.of };
  if (command !== "start" || typeof run !== "string" || !isId(run)) return undefined;
  const cmd = data.cmd;
  if (!Array.isArray(cmd) || cmd.length === 0 || !cmd.every((word) => typeof word === "string")) return undefined;
  const env = typeof data.env === "object" && data.env !== null && !Array.isArray(data.env) ? data.env : {};
  // A malformed list names no agent, rather than all of them.
  const agents = data.agents === undefined
    ? undefined
    : Array.isArray(data.agents)
    ? data.agents.filter((name) => typeof name === "string")
    : [];
  const texts = Object.entries(env).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return {
    command,
    id,
    ts,
    exp,
    run,
    cmd: cmd as string[],
    cwd: typeof data.cwd === "string" ? data.cwd : undefined,
    env: Object.fromEntries(texts),
    ...(agents !== undefined && { agents }),
  };
}
