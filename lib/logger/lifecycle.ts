import { parentOf } from "../base/paths.ts";
import { warn } from "../base/warn.ts";
import { encodeEvent } from "../format/events/encode_event.ts";
import { HEARTBEAT_SECONDS } from "../format/events/lost_run_limit.ts";
import { logFile } from "../format/layout/names.ts";
import { SEAL_EVENT } from "../format/events/seal.ts";
import type { RootFolder } from "../fs/folders/root_folder.ts";
import { describeInterruptions, type Interruption } from "./log/interruption.ts";
import { type LogReport, LogWriter, type LogWriterOptions } from "./log/log_writer.ts";
import { RunFiles } from "./log/run_files.ts";
import { Sealer } from "./log/sealer.ts";

/** Milliseconds between two looks whether the files are still there, where the event loop runs. */
const LOOK_MS = 1000;

/** Bytes of logs that others write which one heartbeat reads to seal them; the end reads all. */
const SEALED_AT_ONCE = 16 * 1024 * 1024;

/** Interruptions that are listed at most. */
const MAX_INTERRUPTIONS = 100;

/** How a run ended. */
export interface RunOutcome {
  /** `lost`: the dbx that waited for it died; another recorded it to its end, and does not know how it ended. */
  readonly status: "finished" | "failed" | "killed" | "lost";
  readonly exitCode?: number;
  readonly signal?: string;
  /** `dbx`: it killed the command at the end of the grace. */
  readonly killedBy?: "dbx";
}

/** What the logs of a run could not keep. */
export interface Lost {
  readonly events: number;
  readonly reasons: readonly string[];
}

/** Tells what was redacted: how many secrets each rule found, and never what they were. */
export const REDACTED_EVENT = "dbx/redacted";

/**
 * Writes the life of a run to its log `dbx`: start, heartbeats, seals, end. Each heartbeat looks whether the files of
 * the run are still there, makes again what is gone, and says how many events were lost so far.
 */
export class Lifecycle {
  readonly #log: LogWriter;
  readonly #root: RootFolder | undefined;
  readonly #files: RunFiles;
  readonly #writers = new Map<string, LogWriter>();
  readonly #sealer: Sealer;
  readonly #now: () => number;
  readonly #onWarning: (message: string) => void;
  readonly #startedAt: number;
  readonly #timers: readonly ReturnType<typeof setInterval>[];
  readonly #interruptions: Interruption[] = [];
  #beatAt: number;

  /** `path`: the file of the log `dbx`, in the folder of the run, whose definition is there. `adopted`: the process that wrote it before, and died. */
  constructor(
    path: string,
    start: { readonly pid: number; readonly hostname?: string; readonly adopted?: number },
    onWarning?: (m: string) => void,
    options: {
      readonly now?: () => number;
      /** The root of the repository: no link below it is followed then. */
      readonly root?: RootFolder;
      /** When the run began, if not now, in milliseconds since the Unix epoch. */
      readonly startedAt?: number;
    } = {},
  ) {
    this.#now = options.now ?? Date.now;
    this.#root = options.root;
    this.#onWarning = onWarning ?? warn;
    this.#beatAt = this.#now();
    this.#startedAt = options.startedAt ?? this.#beatAt;
    this.#files = new RunFiles(parentOf(path), options.root);
    this.#sealer = new Sealer(this.#files.folder, this.#writers, options.root);
    this.#log = LogWriter.open(path, { durability: "event", onWarning, now: options.now, ...this.#watched() });
    this.#log.seal();
    this.#log.write("dbx/start", { ...start, heartbeat: HEARTBEAT_SECONDS });
    for (const seal of this.#files.seals()) this.#log.write(SEAL_EVENT, seal);
    this.#timers = [
      setInterval(() => this.beat(), HEARTBEAT_SECONDS * 1000),
      setInterval(() => this.#look(), LOOK_MS),
    ];
    for (const timer of this.#timers) Deno.unrefTimer(timer as unknown as number);
  }

  /** Opens a log of the run, which is sealed and watched from then on. */
  open(name: string, options: LogWriterOptions = {}): LogWriter {
    const path = logFile(this.#files.folder, name);
    const writer = LogWriter.open(path, { ...options, ...this.#watched() });
    writer.seal();
    this.#writers.set(name, writer);
    return writer;
  }

  /** Writes a heartbeat if one is due: a loop without pauses, in which no timer fires, calls this as it logs. */
  beat(now: number = this.#now()): void {
    if (now - this.#beatAt < HEARTBEAT_SECONDS * 900) return;
    this.#beatAt = now;
    this.#look();
    this.#seal(SEALED_AT_ONCE);
    const lost = this.#lost();
    this.#log.write("dbx/heartbeat", lost > 0 ? { lost: { events: lost } } : undefined);
  }

  /** Writes any other event of the toolkit. */
  write(event: string, data: unknown): void {
    this.#log.write(event, data);
  }

  /** Seals all logs and writes the end; `lost` says what the other logs could not record. */
  async end(end: RunOutcome, lost: Lost): Promise<LogReport> {
    this.#timers.forEach((timer) => clearInterval(timer));
    this.#look();
    this.#seal(Infinity);
    this.#sealer[Symbol.dispose]();
    const own = this.#log.report();
    const total = { events: lost.events + own.lost, reasons: [...new Set([...lost.reasons, ...own.reasons])] };
    const interruptions = this.#interruptions;
    const data = {
      ...end,
      durationMs: this.#now() - this.#startedAt,
      ...(total.events > 0 ? { lost: total } : {}),
      ...(interruptions.length > 0 ? { interruptions } : {}),
    };
    this.#log.flush();
    const line = encodeEvent("dbx/end", this.#now(), data);
    const head = line.slice(0, line.lastIndexOf("}"));
    const sha256 = this.#log.hashWith(head);
    this.#log.writeLine(sha256 === undefined ? line : `${head},"sha256":"${sha256}"}\n`);
    const report = await this.#log.close();
    return { ...report, ...(interruptions.length > 0 ? { interruptions } : {}) };
  }

  #lost(): number {
    let lost = this.#log.lost;
    for (const writer of this.#writers.values()) lost += writer.lost;
    return lost;
  }

  /** How the logs of the run are opened: what happens to their files is said once, and again at the end. */
  #watched(): LogWriterOptions {
    return { root: this.#root, restore: () => this.#restore(), onInterruption: (item) => this.#interrupted(item) };
  }

  #interrupted(interruption: Interruption): void {
    if (this.#interruptions.length === 0) {
      this.#onWarning(`${describeInterruptions([interruption])}; the summary at the end lists all of them`);
    }
    const { file, kind } = interruption;
    const isKnown = this.#interruptions.some((item) => item.file === file && item.kind === kind && item.lost === 0);
    if ((!isKnown || interruption.lost > 0) && this.#interruptions.length < MAX_INTERRUPTIONS) {
      this.#interruptions.push(interruption);
    }
  }

  #look(): void {
    for (const writer of [this.#log, ...this.#writers.values()]) writer.look();
    try {
      if (this.#files.isAway) return;
      this.#restore();
      for (const file of this.#sealer.look()) this.#interrupted({ file, kind: "removed", lost: 0 });
    } catch {
      // The logs say what cannot be written.
    }
  }

  #restore(): void {
    for (const path of this.#files.restore()) {
      this.#interrupted({ file: this.#files.nameOf(path), kind: "removed", lost: 0 });
    }
  }

  /** Seals what grew, and at last the log `dbx` itself. */
  #seal(budget: number): void {
    for (const seal of this.#sealer.grown(budget)) this.#log.write(SEAL_EVENT, seal);
    const own = this.#log.seal();
    if (own !== undefined) this.#log.write(SEAL_EVENT, { log: "dbx", ...own });
  }
}
