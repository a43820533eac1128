import { DbxError } from "../base/errors.ts";
import { warn } from "../base/warn.ts";
import type { JsonObject } from "../base/json.ts";
import type { RunDefinition } from "../format/definitions/definition.ts";
import type { RedactedCounts } from "../redact/redactor.ts";
import { FILE_EVENT } from "../format/events/file_event.ts";
import { checkLogName, logFile, logFileName } from "../format/layout/names.ts";
import { warningOfName } from "../format/layout/portable_names.ts";
import { expfile, reffile } from "../format/json/special_values.ts";
import type { LocalStore } from "../store/local/local_store.ts";
import { hashStream, putObject } from "../store/local/objects.ts";
import { LogContext, type Sink } from "./log_context.ts";
import { LostEventsError } from "./lost_events_error.ts";
import { Lifecycle, REDACTED_EVENT, type RunOutcome } from "./lifecycle.ts";
import type { LogReport, LogWriter, LogWriterOptions } from "./log/log_writer.ts";

/** How a run is written. */
export interface RunLoggerOptions extends LogWriterOptions {
  /** Throw what cannot be logged, out of `log` and at the end of an `await using` block, instead of counting it. Default false. */
  readonly strict?: boolean;
  /** How many secrets were redacted in its definition, by rule. */
  readonly redacted?: RedactedCounts;
  /** Called with what `finish` gives, when the run has ended and its last lines are written. */
  readonly onFinish?: (report: LogReport) => void;
}

/** What a file may come from: a path, bytes, a blob or a stream. */
export type FileSource = string | Uint8Array | Blob | ReadableStream<Uint8Array>;

/**
 * Writes one run. `log` never throws into a training loop (unless `strict`): what cannot be kept is counted, said once on
 * stderr, and reported by `finish`.
 *
 * `await using` finishes it at the end of the block. Events that were lost are then counted in a warning (`onWarning`, or else
 * stderr) and in what `onFinish` is given, and the block ends as it would have: a full disk does not stop a training between two
 * runs. With `strict`, it ends with a {@linkcode LostEventsError}. Leaving the block by an error is not noticed, so call
 * `finish("failed")` where that matters.
 */
export class RunLogger extends LogContext implements AsyncDisposable, Disposable {
  readonly #writers: Map<string, LogWriter>;
  readonly #main: LogWriter;
  readonly #life: Lifecycle;
  readonly #options: RunLoggerOptions;
  /** Events of which `log` has thrown that they are lost. */
  readonly #thrown: { lost: number };
  #end: Promise<LogReport> | undefined;

  constructor(
    readonly store: LocalStore,
    readonly definition: RunDefinition,
    /** The id of the experiment. */
    readonly exp: string,
    /** Relative to the repository. */
    readonly folder: string,
    readonly params: JsonObject,
    options: RunLoggerOptions = {},
  ) {
    const start = { pid: Deno.pid, hostname: definition.hostname };
    const path = store.path(logFile(folder, "dbx"));
    const life = new Lifecycle(path, start, options.onWarning, { root: store.folder });
    if (Object.keys(options.redacted ?? {}).length > 0) life.write(REDACTED_EVENT, options.redacted);
    const main = life.open("log", options);
    const thrown = { lost: 0 };
    super(sinkOf(main, life, options, thrown));
    this.#thrown = thrown;
    this.#main = main;
    this.#life = life;
    this.#options = { ...options, root: store.folder };
    this.#writers = new Map([["log", main]]);
  }

  get id(): string {
    return this.definition.id;
  }

  /** How many secrets were redacted in the definition of the run, by the rule that found them. */
  get redacted(): RedactedCounts {
    return this.#options.redacted ?? {};
  }

  /** The absolute path of the run's folder. */
  get dir(): string {
    return this.store.path(this.folder);
  }

  /** A further log of this run, `<name>.log.jsonl`. */
  openLog(name: string): LogContext {
    checkLogName(name);
    if (name === "dbx") {
      throw new DbxError(`Cannot open the log "dbx": dbx records the life of the run in it; choose another name`);
    }
    let writer = this.#writers.get(name);
    if (writer === undefined) {
      writer = this.#life.open(name, this.#options);
      const warning = warningOfName(logFileName(name));
      if (warning !== undefined) this.#warn(warning);
      this.#writers.set(name, writer);
    }
    return new LogContext(sinkOf(writer, this.#life, this.#options, this.#thrown));
  }

  /**
   * Keeps a file: its contents become an object, streamed, and a `dbx/file` event names it. Returns what refers to it in
   * event data. `source`: a path, bytes, a blob or a stream; default the path `name` itself. Rejects where it cannot be read or kept.
   */
  async file(name: string, source: FileSource = name): Promise<JsonObject> {
    const data = typeof source === "string"
      ? (await Deno.open(source)).readable
      : source instanceof Blob
      ? source.stream()
      : source;
    const { sha256, size } = await putObject(this.store, data);
    const file = expfile({ exp: this.exp, name, sha256 });
    this.#main.write(FILE_EVENT, { name, size, file });
    return file;
  }

  /** Refers to a file that stays where it is: path, host and SHA-256. Rejects where it cannot be read. */
  async refFile(path: string): Promise<JsonObject> {
    const absolute = await Deno.realPath(path);
    const { sha256, size } = await hashStream((await Deno.open(absolute)).readable);
    const file = reffile({ path: absolute, hostname: this.definition.hostname ?? "", sha256 });
    this.#main.write(FILE_EVENT, { name: path, size, file });
    return file;
  }

  /** Hands over what waits. */
  flush(): void {
    for (const writer of this.#writers.values()) writer.flush();
  }

  /** Ends the run and reports what was recorded and what was lost. A second call gives the same answer. */
  finish(status: RunOutcome["status"] = "finished", how: Omit<RunOutcome, "status"> = {}): Promise<LogReport> {
    return this.#end ??= this.#finish({ status, ...how });
  }

  async #finish(end: RunOutcome): Promise<LogReport> {
    const reports = await Promise.all([...this.#writers.values()].map((writer) => writer.close()));
    const total = (list: readonly LogReport[]): LogReport => ({
      events: list.reduce((sum, report) => sum + report.events, 0),
      lost: list.reduce((sum, report) => sum + report.lost, 0),
      reasons: [...new Set(list.flatMap((report) => report.reasons))],
    });
    const own = total(reports);
    const life = await this.#life.end(end, { events: own.lost, reasons: own.reasons });
    const { lost, reasons, interruptions } = life;
    const report = { ...total([own, { events: 0, lost, reasons }]), ...(interruptions && { interruptions }) };
    this.#options.onFinish?.(report);
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#end !== undefined) return void await this.#end; // The caller that finished it has the report.
    const report = await this.finish();
    if (report.lost <= this.#thrown.lost) return;
    const error = new LostEventsError(this.id, report);
    if (this.#options.strict === true) throw error;
    this.#warn(error.message);
  }

  /** All of `finish` happens at once, so that `using` loses nothing either. */
  [Symbol.dispose](): void {
    if (this.#end !== undefined) return;
    void this.finish().then((report) => {
      if (report.lost > this.#thrown.lost) this.#warn(new LostEventsError(this.id, report).message);
    });
  }

  #warn(message: string): void {
    (this.#options.onWarning ?? warn)(message);
  }
}

function sinkOf(writer: LogWriter, life: Lifecycle, options: RunLoggerOptions, thrown: { lost: number }): Sink {
  if (options.strict !== true) {
    return {
      write(event, data) {
        const now = Date.now();
        writer.write(event, data, now);
        life.beat(now);
      },
    };
  }
  return {
    write(event, data) {
      const lost = writer.lost;
      writer.write(event, data);
      life.beat();
      thrown.lost += writer.lost - lost;
      if (writer.lost > lost) throw new DbxError(writer.report().reasons.at(-1) ?? "Cannot log");
    },
  };
}
