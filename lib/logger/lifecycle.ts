import { type LogReport, LogWriter } from "./log_writer.ts";

/** Seconds between two heartbeats. */
export const HEARTBEAT_SECONDS = 30;

/** How a run ended. */
export interface End {
  /** `lost`: the dbx that waited for it died; another recorded it to its end, and does not know how it ended. */
  readonly status: "finished" | "failed" | "killed" | "lost";
  readonly exitCode?: number;
  readonly signal?: string;
  /** `dbx`: it killed the command at the end of the grace. */
  readonly killedBy?: "dbx";
}

/** Writes the life of a run to its log `dbx`: start, heartbeats, end. */
export class Lifecycle {
  readonly #log: LogWriter;
  readonly #startedAt: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #beatAt = Date.now();

  /**
   * `path`: the file of the log `dbx`. `adopted`: the process that wrote it before, and died. `startedAt`: when the run began,
   * if not now, in milliseconds since the Unix epoch.
   */
  constructor(
    path: string,
    start: { readonly pid: number; readonly hostname?: string; readonly adopted?: number },
    onWarning?: (m: string) => void,
    options: { readonly startedAt?: number } = {},
  ) {
    this.#startedAt = options.startedAt ?? Date.now();
    this.#log = LogWriter.open(path, { durability: "event", onWarning });
    this.#log.write("dbx/start", { ...start, heartbeat: HEARTBEAT_SECONDS });
    this.#timer = setInterval(() => this.beat(), HEARTBEAT_SECONDS * 1000);
    Deno.unrefTimer(this.#timer as unknown as number);
  }

  /** Writes a heartbeat if one is due: a loop without pauses, in which no timer fires, calls this as it logs. */
  beat(now: number = Date.now()): void {
    if (now - this.#beatAt < HEARTBEAT_SECONDS * 900) return;
    this.#beatAt = now;
    this.#log.write("dbx/heartbeat");
  }

  /** Writes any other event of the toolkit. */
  write(event: string, data: unknown): void {
    this.#log.write(event, data);
  }

  /** Writes the end; `lost` tells what the other logs could not keep. */
  async end(end: End, lost: { readonly events: number; readonly reasons: readonly string[] }): Promise<LogReport> {
    clearInterval(this.#timer);
    const durationMs = Date.now() - this.#startedAt;
    this.#log.write("dbx/end", { ...end, durationMs, ...(lost.events > 0 ? { lost } : {}) });
    return await this.#log.close();
  }
}
