import { NEWLINE } from "../../base/lines/lines_in.ts";
import { parseEvent } from "../../format/events/parse_event.ts";
import { logNameOf } from "../../format/layout/names.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { ARRIVAL_EVENT } from "../../index/arrivals.ts";
import { endOfLastLine, readAt } from "../../fs/files/last_line.ts";

/** Milliseconds between two looks. */
const LOOK_MS = 1000;
/** Of a long run, arrivals are written at most so often: its length over this. What lies between them is interpolated. */
const MAX_ARRIVALS_PER_LENGTH = 1000;
/** Logs that dbx itself writes: their lines have times. */
const OWN_LOGS: ReadonlySet<string> = new Set(["dbx", "stdout", "printed", "printed_stderr", "system"]);
/** A first line that is longer is not looked into. */
const MAX_FIRST_LINE = 64 * 1024;
/** How to watch. */
export interface ArrivalOptions {
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
  /** Looks by itself, once a second. Default true. */
  readonly timer?: boolean;
}

/** What was last seen of a log. */
interface Seen {
  /** Its whole lines that have been reported. */
  size: number;
  /** When it was last seen at that size. */
  at: number;
  /** Whether its lines have times of their own; undefined as long as it has no line. */
  isTimed?: boolean;
}

/**
 * Watches the logs in a run's folder that other programs write, and records when their lines arrived: readers give
 * those times to lines that have none. What cannot be read is tried again at the next look; nothing here fails a run.
 */
export class ArrivalWatcher implements Disposable {
  readonly #logs = new Map<string, Seen>();
  readonly #root: RootFolder;
  readonly #startedAt: number;
  readonly #now: () => number;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #lookedAt: number;
  #writtenAt = -Infinity;

  /** `dir`: the absolute path of the run's folder. `write`: appends an event to the log `dbx`. */
  constructor(
    readonly dir: string,
    readonly write: (event: string, data: Readonly<Record<string, unknown>>) => void,
    { now = Date.now, timer = true }: ArrivalOptions = {},
  ) {
    this.#root = new RootFolder(dir);
    this.#now = now;
    this.#startedAt = this.#lookedAt = now();
    if (!timer) return;
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    Deno.unrefTimer(this.#timer as unknown as number);
  }

  /** Looks once. `all`: reports everything new, as at the end. */
  look(all = false): void {
    const now = this.#now();
    const pause = Math.max(LOOK_MS, (now - this.#startedAt) / MAX_ARRIVALS_PER_LENGTH);
    // Timers are not exact: a look that is a little early must not wait for the next one.
    const mayWrite = all || now - this.#writtenAt >= pause * 0.9;
    for (const name of this.#names()) {
      try {
        this.#look(name, now, mayWrite);
      } catch {
        // It is being replaced, or cannot be read; it is looked at again.
      }
    }
    this.#lookedAt = now;
  }

  /** Reports what has arrived, and ends. */
  finish(): void {
    if (this.#timer !== undefined) clearInterval(this.#timer);
    this.look(true);
  }

  [Symbol.dispose](): void {
    if (this.#timer !== undefined) clearInterval(this.#timer);
  }

  #look(file: string, now: number, mayWrite: boolean): void {
    const name = logNameOf(file)!;
    let seen = this.#logs.get(name);
    // What is there at the first look came since the look before.
    if (seen === undefined) this.#logs.set(name, seen = { size: 0, at: this.#lookedAt });
    if (seen.isTimed === true) return;
    const info = this.#root.lstat(file);
    if (info === undefined || !info.isFile || info.size <= seen.size) {
      seen.at = now;
      return;
    }
    if (!mayWrite) return;
    using log = this.#root.open(file);
    const { size } = info;
    if (seen.isTimed === undefined) {
      const first = firstLine(log, size);
      if (first === undefined) return;
      seen.isTimed = hasTime(first);
      if (seen.isTimed) return;
    }
    const whole = endOfLastLine(log, size);
    if (whole <= seen.size) return;
    this.write(ARRIVAL_EVENT, { log: name, size: whole, since: seen.at });
    this.#writtenAt = now;
    [seen.size, seen.at] = [whole, now];
  }

  /** The files of logs that others write. */
  #names(): string[] {
    try {
      return this.#root.list("").map(({ name }) => name)
        .filter((name) => {
          const log = logNameOf(name);
          return log !== undefined && !OWN_LOGS.has(log);
        });
    } catch {
      return []; // The folder was moved or removed.
    }
  }
}

/** The first line of a file; undefined where it is not whole yet, empty where it is too long. */
function firstLine(file: Deno.FsFile, size: number): string | undefined {
  const bytes = readAt(file, 0, Math.min(size, MAX_FIRST_LINE));
  const end = bytes.indexOf(NEWLINE);
  if (end < 0) return bytes.length < MAX_FIRST_LINE ? undefined : "";
  return new TextDecoder().decode(bytes.subarray(0, end));
}

function hasTime(line: string): boolean {
  try {
    return parseEvent(line).ts !== undefined;
  } catch {
    return false;
  }
}
