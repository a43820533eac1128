import { isObject } from "../../base/json.ts";
import type { LogEvent } from "../../format/events/event.ts";
import { parseEvent } from "../../format/events/parse_event.ts";
import { PUT_LOG_PREFIX } from "../../format/events/file_event.ts";
import { lostAfterMs } from "../../format/events/lost_run_limit.ts";
import { CLAIM_EVENT, EXPIRED_EVENT } from "./claim_events.ts";
import type { LogReader } from "./log_reader.ts";

/** The status of a run. */
export interface RunStatus {
  /**
   * `lost`: its heartbeat ceased without an end, it was claimed and never started, or it ended after its dbx had died,
   * so that it is unknown how. `unknown`: its life was not recorded, as in v0.
   */
  readonly status: "running" | "finished" | "failed" | "killed" | "lost" | "unknown";
  /** Milliseconds since the Unix epoch. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly durationMs?: number;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Events that its logs could not keep, as far as they are counted by now; undefined where none were lost. */
  readonly lost?: number;
  /** Why, each reason once; a run says so when it ends. */
  readonly lostReasons?: readonly string[];
}

/** What a run's status may be. */
export const STATUSES: readonly string[] = ["running", "finished", "failed", "killed", "lost", "unknown"];

/** Whether anything was recorded about the life of a run. */
export function hasLife({ status, endedAt }: RunStatus): boolean {
  return status !== "unknown" || endedAt !== undefined;
}

/** What the end of a run may say. */
const ENDS = ["finished", "failed", "killed", "lost"] as const;

/** Reads a run's `dbx` log; only where that has no end, also the ends of its other logs. */
export async function readStatus(
  dbx: LogReader,
  others: () => Promise<readonly LogReader[]>,
  now: number,
): Promise<RunStatus> {
  // Between two heartbeats there are seals and answers to requests.
  const recent = await dbx.last(32);
  const last = recent.at(-1);
  if (last === undefined) return { status: "unknown" };
  if (last.event === "dbx/end") return ended(last);
  if (last.event === EXPIRED_EVENT) return { status: "lost", endedAt: last.ts };
  const first = await firstOf(dbx);
  const heartbeat = first?.data.heartbeat;
  const seconds = typeof heartbeat === "number" && heartbeat > 0 ? heartbeat : undefined;
  let newest = last.ts ?? 0;
  for (const log of await others()) {
    if (!log.name.startsWith(PUT_LOG_PREFIX)) newest = Math.max(newest, (await log.last(1))[0]?.ts ?? 0);
  }
  const startedAt = first?.ts;
  const running = now - newest <= lostAfterMs(seconds);
  return {
    status: running ? "running" : "lost",
    startedAt,
    durationMs: startedAt === undefined ? undefined : (running ? now : newest) - startedAt,
    ...lostOf(recent.findLast(({ event }) => event === "dbx/heartbeat")),
  };
}

/** How a run ended, by all of its life log; undefined where its last line is not a plain end of a run; a full read may still find one. */
export function endingOf(life: string): RunStatus | undefined {
  if (!life.endsWith("\n")) return undefined;
  const last = life.slice(life.lastIndexOf("\n", life.length - 2) + 1, -1);
  if (!last.startsWith('{"event":"dbx/end"')) return undefined;
  try {
    return ended(parseEvent(last));
  } catch {
    return undefined;
  }
}

function ended(end: LogEvent): RunStatus {
  const { status, exitCode, signal, durationMs } = end.data;
  const duration = typeof durationMs === "number" ? durationMs : undefined;
  return {
    status: ENDS.find((known) => known === status) ?? "unknown",
    startedAt: end.ts === undefined || duration === undefined ? undefined : end.ts - duration,
    endedAt: end.ts,
    durationMs: duration,
    exitCode: typeof exitCode === "number" ? exitCode : undefined,
    signal: typeof signal === "string" ? signal : undefined,
    ...lostOf(end),
  };
}

function lostOf(event: LogEvent | undefined): Pick<RunStatus, "lost" | "lostReasons"> {
  const lost = event?.data.lost;
  if (!isObject(lost) || typeof lost.events !== "number" || !(lost.events > 0)) return {};
  const reasons = Array.isArray(lost.reasons) ? lost.reasons.filter((item) => typeof item === "string") : [];
  return { lost: lost.events, ...(reasons.length > 0 ? { lostReasons: reasons } : {}) };
}

/** The first event; of a run that was claimed, the one behind the claim. */
async function firstOf(log: LogReader): Promise<LogEvent | undefined> {
  let claim: LogEvent | undefined;
  for await (const event of log.read()) {
    if (claim !== undefined || event.event !== CLAIM_EVENT) return event;
    claim = event;
  }
  return claim;
}
