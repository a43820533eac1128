import { lastSegment } from "../../base/paths.ts";
import { messageOf } from "../../base/errors.ts";
import { warn } from "../../base/warn.ts";
import { encodeEvent } from "../../format/events/encode_event.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { FailureNotices } from "./failure_notices.ts";
import { flushAtExit, isWorker, noFlushAtExit } from "./flush_at_exit.ts";
import { describeInterruptions, type Interruption } from "./interruption.ts";
import { type Change, LogFile } from "./log_file.ts";

/**
 * What `write` promises of an event.
 * - `os`: it is handed to the operating system before `write` returns, unless it is one of more than 32 within 50 ms.
 *   Those are handed over together: when 64 KiB of them wait, with the next event that comes 50 ms after the last
 *   handover, when the event loop runs (at most 50 ms later), when the script ends by itself, by `Deno.exit` or by an
 *   error that nobody catches, and by `flush`. So a program that is killed, or a worker that is closed, loses nothing but
 *   the rest of such a burst.
 * - `event`: it is handed over before `write` returns, always: nothing is lost when the process dies. The default in a worker.
 * - `disk`: as `event`, and flushed to the disk (fsync) before `write` returns if the last fsync was 50 ms ago or more,
 *   else when the event loop runs (at most 50 ms later), with the next such event, at the end of the script, or by `flush`.
 *   A crash of the machine loses no more than that.
 */
export type Durability = "os" | "event" | "disk";

/** How a log is written. */
export interface LogWriterOptions {
  /** Default: `os`, and `event` in a worker. */
  readonly durability?: Durability;
  /** Called once when events can no longer be kept. Default: a line on stderr. */
  readonly onWarning?: (message: string) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
  /** The folder that the log stands below: no link below it is followed then. */
  readonly root?: RootFolder;
  /** Creates the folder of the log again if it was removed. */
  readonly restore?: () => void;
  /** Called when others changed the file. Default: `onWarning`, with a sentence. */
  readonly onInterruption?: (interruption: Interruption) => void;
}

/** What became of a log. */
export interface LogReport {
  /** Events kept. */
  readonly events: number;
  /** Events that could not be kept. */
  readonly lost: number;
  /** Why, each once. */
  readonly reasons: readonly string[];
  /** What others did to the file while it was written: removed, replaced, shortened or moved it. */
  readonly interruptions?: readonly Interruption[];
}

const FLUSH_BYTES = 64 * 1024;
const FLUSH_MS = 50;
/** Events within `FLUSH_MS` that are handed over one by one. */
const BURST = 32;
const RETRY_MS = 1000;
/** Milliseconds between two looks whether the file is still the one at its path. */
const LOOK_MS = 1000;
/** What waits in memory for a disk that fails, in bytes; more is dropped and counted. */
const LARGEST_BACKLOG = 1024 * 1024;
/** Interruptions that are listed; a file may be changed again and again. */
const MAX_INTERRUPTIONS = 100;

/**
 * The one writer of a log. Writes are synchronous, so that memory stays bounded however fast events come: a caller
 * that logs faster than the disk takes waits for the disk. It never throws into the caller; it counts, warns once, and
 * `close` reports. Needs read and write permission for the file.
 */
export class LogWriter {
  readonly #path: string;
  readonly #root: RootFolder | undefined;
  readonly #durability: Durability;
  readonly #now: () => number;
  readonly #notices: FailureNotices;
  readonly #restore: () => void;
  readonly #encoder = new TextEncoder();
  #file: LogFile | undefined;
  #waiting: string[] = [];
  #waitingUnits = 0;
  #burst = 0;
  #burstAt = -Infinity;
  #retryAt = 0;
  #syncAt = 0;
  #lookAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #sealed: { readonly size: number; readonly sha256: string } | undefined;
  readonly #reasons = new Set<string>();
  readonly #interruptions: Interruption[] = [];
  readonly #onInterruption: (interruption: Interruption) => void;

  /** Events accepted so far. */
  events = 0;
  /** Events given up so far. */
  lost = 0;
  /** Why the file cannot be written at present. */
  failed: Error | undefined;

  private constructor(path: string, options: LogWriterOptions) {
    this.#path = path;
    this.#root = options.root;
    this.#durability = options.durability ?? (isWorker() ? "event" : "os");
    this.#now = options.now ?? Date.now;
    const onWarning = options.onWarning ?? warn;
    this.#notices = new FailureNotices(onWarning);
    this.#restore = options.restore ?? (() => {});
    this.#onInterruption = options.onInterruption ?? ((item) => onWarning(describeInterruptions([item])));
  }

  /** Opens a log for its one writer, and takes away a torn last line. A failure is kept for later, not thrown. */
  static open(path: string, options: LogWriterOptions = {}): LogWriter {
    const writer = new LogWriter(path, options);
    writer.#open();
    flushAtExit(writer);
    return writer;
  }

  /** Appends an event. `ts`: milliseconds since the Unix epoch. */
  write(event: string, data?: unknown, ts: number = this.#now()): void {
    let line: string;
    try {
      line = encodeEvent(event, ts, data);
    } catch (error) {
      return this.#lose(1, messageOf(error));
    }
    this.writeLine(line, ts);
  }

  /** Appends a line that is already encoded and ends with `\n`. */
  writeLine(line: string, now: number = this.#now()): void {
    if (this.#closed) return this.#lose(1, `Cannot log to "${this.#path}": the run has finished`);
    if (this.failed !== undefined && this.#waitingUnits + line.length > LARGEST_BACKLOG) {
      this.#lose(1, this.failed.message);
      if (now >= this.#retryAt) this.flush();
      return;
    }
    this.events++;
    this.#waiting.push(line);
    this.#waitingUnits += line.length;
    if (this.#durability !== "os" || this.#waitingUnits >= FLUSH_BYTES || this.#isSparse(now)) {
      return this.#flushUnlessFailed(now);
    }
    if (this.#timer === undefined) this.#arm();
  }

  /** Hands over what waits. With `disk`, also to the disk. */
  flush(): void {
    this.#flush(this.#now());
    if (this.#durability === "disk") this.#sync();
  }

  /** Looks whether the file is still the one at its path and as long as it must be, and mends that. */
  look(): void {
    this.#look();
  }

  /** The same. Returns whether what was handed over is at its path, or will be. */
  #look(): boolean {
    if (this.#file === undefined || this.#closed) return true;
    this.#lookAt = this.#now() + LOOK_MS;
    try {
      const found = this.#file.look(this.#restore);
      if (found !== undefined) this.#interrupted(found);
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /**
   * How long the log is and its SHA-256, as it was handed over; undefined if other processes write it too, or that is
   * unknown. From the first call on, what is written is hashed along the way.
   */
  seal(): { readonly size: number; readonly sha256: string } | undefined {
    if (this.#closed) return this.#sealed;
    try {
      return this.#file?.seal();
    } catch {
      return undefined;
    }
  }

  /** Bytes that were handed over. */
  get size(): number {
    return this.#file?.length ?? 0;
  }

  /** The SHA-256 of the log as it is when all that waits is written, followed by `more`. */
  hashWith(more: string): string | undefined {
    try {
      return this.#file?.hashWith(this.#encoder.encode(this.#waiting.join("") + more));
    } catch {
      return undefined;
    }
  }

  /** Writes what waits, closes the file and reports what was recorded. May be called again. */
  close(): Promise<LogReport> {
    if (!this.#closed) {
      const isThere = this.#look();
      if (this.#waiting.length > 0) this.flush();
      if (this.#waiting.length > 0) this.#giveUp();
      if (!isThere) this.#giveUpFile();
      if (this.#durability === "disk") this.#sync();
      clearTimeout(this.#timer);
      this.#sealed = this.seal();
      this.#closed = true;
      noFlushAtExit(this);
      this.#drop();
    }
    return Promise.resolve(this.report());
  }

  /** What became of the events so far. */
  report(): LogReport {
    return {
      events: this.events,
      lost: this.lost,
      reasons: [...this.#reasons],
      ...(this.#interruptions.length > 0 ? { interruptions: [...this.#interruptions] } : {}),
    };
  }

  /** Whether so few events come that each can be handed over at once. */
  #isSparse(now: number): boolean {
    const since = now - this.#burstAt;
    if (since >= FLUSH_MS || since < 0) {
      this.#burstAt = now;
      this.#burst = 0;
    }
    return this.#burst++ < BURST;
  }

  #flushUnlessFailed(now: number): void {
    if (this.failed !== undefined && now < this.#retryAt) return this.#arm();
    this.#flush(now);
    if (this.#durability !== "disk") return;
    if (now >= this.#syncAt) this.#sync();
    else this.#arm();
  }

  /** One timer, which does not keep the process alive. A loop without pauses flushes in `write` instead. */
  #arm(): void {
    if (this.#timer !== undefined) return;
    const timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#closed) return;
      const now = this.#now();
      if (this.failed !== undefined && now < this.#retryAt) return this.#arm();
      this.flush();
    }, this.failed === undefined ? FLUSH_MS : RETRY_MS);
    this.#timer = timer;
    Deno.unrefTimer(timer as unknown as number);
  }

  #flush(now: number): void {
    if (this.#waiting.length === 0) return;
    if (this.#file === undefined) this.#open();
    else if (now >= this.#lookAt || this.failed !== undefined) this.look();
    if (this.#file === undefined) return this.#arm();
    const bytes = this.#encoder.encode(this.#waiting.length === 1 ? this.#waiting[0] : this.#waiting.join(""));
    const { kept, error } = this.#file.append(bytes, this.#waiting.length);
    if (error === undefined) {
      if (this.failed !== undefined) this.#notices.recover(this.#path, this.lost, now);
      this.failed = undefined;
      this.#waiting = [];
      this.#waitingUnits = 0;
      return;
    }
    const left = new TextDecoder().decode(bytes.subarray(kept));
    this.#waiting = left === "" ? [] : left.slice(0, -1).split("\n").map((line) => line + "\n");
    this.#waitingUnits = left.length;
    this.#fail(error);
  }

  /** Keeps the file open: if it was removed, what it held can only be read there. */
  #fail(error: unknown): void {
    this.failed = new Error(`Cannot write "${this.#path}": ${messageOf(error)}`);
    this.#retryAt = this.#now() + RETRY_MS;
    // A handle that cannot even be asked (a network file system that is gone) is of no more use.
    if (this.#file !== undefined && !this.#file.isUsable()) this.#drop();
    this.#notices.fail(this.failed.message);
    this.#arm();
  }

  #sync(): void {
    try {
      this.#file?.sync();
      this.#syncAt = this.#now() + FLUSH_MS;
    } catch (error) {
      this.#notices.warn(`Cannot sync "${this.#path}": ${messageOf(error)}`);
      this.#reasons.add(messageOf(error));
    }
  }

  #open(): void {
    try {
      this.#file = LogFile.open(this.#path, this.#root);
      this.#lookAt = this.#now() + LOOK_MS;
    } catch (error) {
      this.#fail(error);
    }
  }

  #drop(): void {
    try {
      this.#file?.close();
    } catch {
      // It is of no more use in any case.
    }
    this.#file = undefined;
  }

  #giveUp(): void {
    this.events -= this.#waiting.length;
    this.#lose(this.#waiting.length, this.failed?.message ?? "closed");
    this.#waiting = [];
  }

  /** What the open file holds goes with it: it was removed, and could not be made again. */
  #giveUpFile(): void {
    const lines = this.#file?.lines ?? 0;
    this.events -= lines;
    this.#lose(lines, this.failed?.message ?? "removed");
  }

  #interrupted({ kind, lost }: Change): void {
    const file = lastSegment(this.#path);
    if (lost > 0) {
      this.events -= lost;
      this.lost += lost;
      this.#reasons.add(`"${this.#path}" was ${kind} while it was written`);
    }
    const interruption = { file, kind, lost };
    if (this.#interruptions.length < MAX_INTERRUPTIONS) this.#interruptions.push(interruption);
    this.#onInterruption(interruption);
  }

  #lose(count: number, reason: string): void {
    this.lost += count;
    this.#reasons.add(reason);
    this.#notices.warn(reason);
  }
}
