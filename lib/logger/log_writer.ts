import { messageOf } from "../base/errors.ts";
import { encodeEvent } from "../format/event.ts";
import type { RootFolder } from "../fs/root_folder.ts";
import { wholeEnd } from "../store/whole_end.ts";

/**
 * What `write` promises.
 * - `os`: the event is handed to the operating system within 50 ms, or at once when 64 KiB wait.
 * - `event`: it is handed over before `write` returns: nothing is lost when the process dies.
 * - `disk`: as `event`, and on the disk (fsync) within 50 ms; a crash of the machine loses no more than that.
 */
export type Durability = "os" | "event" | "disk";

/** How a log is written. */
export interface LogWriterOptions {
  readonly durability?: Durability;
  /** Told once when events can no longer be kept. Default: a line on stderr. */
  readonly onWarning?: (message: string) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
  /** The folder that the log stands below: no link below it is followed then. */
  readonly root?: RootFolder;
}

/** What became of a log. */
export interface LogReport {
  /** Events kept. */
  readonly events: number;
  /** Events that could not be kept. */
  readonly lost: number;
  /** Why, each once. */
  readonly reasons: readonly string[];
}

const FLUSH_BYTES = 64 * 1024;
const FLUSH_MS = 50;
const RETRY_MS = 1000;
/** What waits in memory for a disk that fails, in bytes; more is dropped and counted. */
const LARGEST_BACKLOG = 1024 * 1024;

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
  readonly #onWarning: (message: string) => void;
  readonly #encoder = new TextEncoder();
  #file: Deno.FsFile | undefined;
  #waiting: string[] = [];
  #waitingUnits = 0;
  #oldest = 0;
  #retryAt = 0;
  #syncAt = 0;
  #length = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #warned = false;
  #closed = false;
  readonly #reasons = new Set<string>();

  /** Events accepted so far. */
  events = 0;
  /** Events given up so far. */
  lost = 0;
  /** Why the file cannot be written at present. */
  failed: Error | undefined;

  private constructor(path: string, options: LogWriterOptions) {
    this.#path = path;
    this.#root = options.root;
    this.#durability = options.durability ?? "os";
    this.#now = options.now ?? Date.now;
    this.#onWarning = options.onWarning ?? ((message) => console.error(`dbx: ${message}`));
  }

  /** Opens a log for its one writer, and takes away a torn last line. A failure is kept for later, not thrown. */
  static open(path: string, options: LogWriterOptions = {}): LogWriter {
    const writer = new LogWriter(path, options);
    writer.#reopen();
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
    if (this.#durability !== "os" || this.#waitingUnits >= FLUSH_BYTES) return this.#flushUnlessFailed(now);
    if (this.#waiting.length === 1) {
      this.#oldest = now;
      this.#arm();
    } else if (now - this.#oldest >= FLUSH_MS) this.#flushUnlessFailed(now);
  }

  /** Hands over what waits. With `disk`, also to the disk. */
  flush(): void {
    this.#flush();
    if (this.#durability === "disk") this.#sync();
  }

  /** Writes what waits, closes the file and tells what was kept. May be called again. */
  close(): Promise<LogReport> {
    if (!this.#closed) {
      if (this.#waiting.length > 0) this.flush();
      if (this.#waiting.length > 0) this.#giveUp();
      if (this.#durability === "disk") this.#sync();
      clearTimeout(this.#timer);
      this.#file?.close();
      this.#file = undefined;
      this.#closed = true;
    }
    return Promise.resolve(this.report());
  }

  /** What became of the events so far. */
  report(): LogReport {
    return { events: this.events, lost: this.lost, reasons: [...this.#reasons] };
  }

  #flushUnlessFailed(now: number): void {
    if (this.failed !== undefined && now < this.#retryAt) return this.#arm();
    this.#flush();
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

  #flush(): void {
    if (this.#waiting.length === 0) return;
    if (this.#file === undefined) this.#reopen();
    if (this.#file === undefined) return this.#arm();
    const bytes = this.#encoder.encode(this.#waiting.length === 1 ? this.#waiting[0] : this.#waiting.join(""));
    let written = 0;
    try {
      while (written < bytes.length) written += this.#file.writeSync(bytes.subarray(written));
      this.#length += written;
      this.failed = undefined;
      this.#waiting = [];
      this.#waitingUnits = 0;
    } catch (error) {
      this.#afterFailure(error, bytes, written);
    }
  }

  /** Keeps the whole lines that were written, takes back a part of one, and leaves the rest for another try. */
  #afterFailure(error: unknown, bytes: Uint8Array, written: number): void {
    const whole = written === 0 ? 0 : bytes.lastIndexOf(10, written - 1) + 1;
    this.#length += whole;
    try {
      if (whole < written) this.#file?.truncateSync(this.#length);
    } catch {
      // The next opening takes the torn line away.
    }
    const left = new TextDecoder().decode(bytes.subarray(whole));
    this.#waiting = left === "" ? [] : left.slice(0, -1).split("\n").map((line) => line + "\n");
    this.#waitingUnits = left.length;
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.failed = new Error(`Cannot write "${this.#path}": ${messageOf(error)}`);
    this.#retryAt = this.#now() + RETRY_MS;
    try {
      this.#file?.close();
    } catch {
      // It is of no more use in any case.
    }
    this.#file = undefined;
    this.#warn(this.failed.message);
    this.#arm();
  }

  #sync(): void {
    try {
      this.#file?.syncSync();
      this.#syncAt = this.#now() + FLUSH_MS;
    } catch (error) {
      this.#warn(`Cannot sync "${this.#path}": ${messageOf(error)}`);
      this.#reasons.add(messageOf(error));
    }
  }

  #reopen(): void {
    try {
      const how = { read: true, append: true, create: true };
      const file = this.#root === undefined
        ? Deno.openSync(this.#path, how)
        : this.#root.open(this.#path.slice(this.#root.path.length + 1), how);
      this.#file = file;
      const size = file.statSync().size;
      this.#length = wholeEnd(file, size);
      if (this.#length < size) file.truncateSync(this.#length);
    } catch (error) {
      this.#fail(error);
    }
  }

  #giveUp(): void {
    this.events -= this.#waiting.length;
    this.#lose(this.#waiting.length, this.failed?.message ?? "closed");
    this.#waiting = [];
  }

  #lose(count: number, reason: string): void {
    this.lost += count;
    this.#reasons.add(reason);
    this.#warn(reason);
  }

  #warn(message: string): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#onWarning(`${message}; going on; the end will say what was not kept`);
  }
}
