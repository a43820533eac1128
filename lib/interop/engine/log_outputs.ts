import { DamageError } from "../../base/errors.ts";
import { NEWLINE } from "../../base/lines/lines_in.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import { LogAppender } from "../../store/local/logs/log_appender.ts";

/** UTF-16 units of one log that are handed over at once, and of all logs together. */
const FLUSH_UNITS = 256 * 1024;
const FLUSH_ALL_UNITS = 8 * 1024 * 1024;

/** A log that is written. */
interface Output {
  readonly name: string;
  size: number;
  lines: string[];
  units: number;
  /** Why nothing is added to it any more. */
  broken?: boolean;
}

/**
 * The logs of an import. Each grows from an offset on: lines that an earlier import wrote there are compared, and only what
 * follows is added. Each source has an offset of its own: of two copies of one file, the second one adds nothing.
 */
export class LogOutputs implements Disposable {
  readonly #outputs = new Map<string, Output>();
  readonly #appender: LogAppender;
  readonly #encoder = new TextEncoder();
  readonly #grown = new Set<string>();
  #units = 0;

  /** `onAdded`: called with the log and the lines that were new. `onBroken`: it holds other lines. */
  constructor(
    readonly store: LocalStore,
    readonly options: {
      readonly dryRun: boolean;
      readonly onAdded: (name: string, lines: readonly string[]) => void;
      readonly onBroken: (name: string, offset: number) => void;
    },
  ) {
    this.#appender = new LogAppender(store.folder);
  }

  /** Says where the lines of a log will go on that come from a source. */
  start(source: string, name: string, size: number): void {
    this.#outputs.set(keyOf(source, name), { name, size, lines: [], units: 0 });
  }

  /** Adds a whole line. */
  add(source: string, name: string, line: string): void {
    const key = keyOf(source, name);
    let output = this.#outputs.get(key);
    if (output === undefined) this.#outputs.set(key, output = { name, size: 0, lines: [], units: 0 });
    output.lines.push(line);
    output.units += line.length;
    this.#units += line.length;
    if (output.units >= FLUSH_UNITS) this.#flush(output);
    else if (this.#units >= FLUSH_ALL_UNITS) { for (const each of this.#outputs.values()) this.#flush(each); }
  }

  /** Hands over what waits of these logs from a source. */
  flush(source: string, names: Iterable<string>): void {
    for (const name of names) {
      const output = this.#outputs.get(keyOf(source, name));
      if (output !== undefined) this.#flush(output);
    }
  }

  /** Bytes of a log up to what was handed over; undefined for one that holds other lines. */
  size(source: string, name: string): number | undefined {
    const output = this.#outputs.get(keyOf(source, name));
    return output === undefined || output.broken ? undefined : output.size;
  }

  /** Hands over everything, and has the disk keep it. */
  async close(): Promise<void> {
    for (const output of this.#outputs.values()) this.#flush(output);
    await this.#appender.flush([...this.#grown].map((name) => this.store.path(name)));
    this.#grown.clear();
  }

  [Symbol.dispose](): void {
    this.#appender[Symbol.dispose]();
  }

  #flush(output: Output): void {
    if (output.lines.length === 0) return;
    const { name, lines, size } = output;
    const bytes = this.#encoder.encode(lines.length === 1 ? lines[0] : lines.join(""));
    this.#units -= output.units;
    output.lines = [];
    output.units = 0;
    output.size += bytes.length;
    if (output.broken) return;
    const added = this.#extend(output, size, bytes);
    if (added === 0) return;
    this.#grown.add(name);
    const count = added >= bytes.length ? lines.length : linesIn(bytes.subarray(bytes.length - added));
    this.options.onAdded(name, lines.slice(lines.length - count));
  }

  /** Returns how many bytes at the end of these were new. */
  #extend(output: Output, offset: number, bytes: Uint8Array): number {
    const { name } = output;
    if (this.options.dryRun) {
      const held = this.store.look(name)?.size ?? 0;
      return Math.min(bytes.length, Math.max(0, offset + bytes.length - held));
    }
    try {
      return this.#appender.extend(this.store.path(name), offset, bytes).added;
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      output.broken = true;
      this.options.onBroken(name, error.place.offset ?? offset);
      return 0;
    }
  }
}

/** Names of files hold no line feed. */
function keyOf(source: string, name: string): string {
  return `${name}\n${source}`;
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
