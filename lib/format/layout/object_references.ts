import { lastSegment } from "../../base/paths.ts";
import { HeldLines } from "../../base/lines/held_lines.ts";
import { countLines, decodeUtf8, linesIn, NEWLINE } from "../../base/lines/lines_in.ts";
import { isObject } from "../../base/json.ts";
import { quoteNonstandardNumbers } from "../json/nonstandard_numbers.ts";
import { objectName } from "./names.ts";
import { unkeptLines } from "../events/file_event.ts";
import { isSha256 } from "../json/special_values.ts";

/** Some bytes of a file; those of one file come one after another, from its start, and the last ones have `end`. */
export interface ReferencePart {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly end: boolean;
}

/** Text that may refer to anything, because it cannot be understood. */
export interface Unread {
  readonly name: string;
  /** From 1; undefined where the file as a whole cannot be read. */
  readonly line?: number;
  readonly message: string;
  /** Not even its bytes could be read. */
  readonly isClosed?: boolean;
}

/** How to look for references. */
export interface ReferencesOptions {
  /**
   * Parse every line of the logs, and name each one that cannot be understood. Default: only those lines that seem to hold
   * a reference, which is several times faster.
   */
  readonly everyLine?: boolean;
}

/**
 * What a line must hold to hold a reference: the word itself, or an escape that may stand for one of its letters.
 * `\u0000` to `\u001f`, which the output of programs is full of, cannot.
 */
const HINT = /expfile|\\u00[2-7]/i;
const EMPTY_LINE = Uint8Array.of(NEWLINE);
const HASHES = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

/**
 * The objects that definitions and logs refer to, gathered from their bytes. Parts may end anywhere. What stands behind
 * the last line of a log counts too: it may become a line at any moment.
 */
export class References {
  /** Names of objects. */
  readonly objects: Set<string> = new Set();
  /** Names of objects of which a run said that it need not keep them any longer; others may still refer to them. */
  readonly unkept: Set<string> = new Set();
  /** What cannot be understood. Hashes in it count as references anyway. */
  readonly unread: Unread[] = [];
  /** Hashes of which a torn tail holds only the beginning. */
  readonly #beginnings = new Set<string>();
  readonly #everyLine: boolean;
  #name: string | undefined;
  #held = new HeldLines();
  #line = 1;

  constructor(options: ReferencesOptions = {}) {
    this.#everyLine = options.everyLine ?? false;
  }

  /** Whether an object (its name) is referred to by what was understood. */
  has(object: string): boolean {
    if (this.objects.has(object)) return true;
    if (this.#beginnings.size === 0) return false;
    const hash = lastSegment(object);
    return this.#beginnings.values().some((beginning) => hash.startsWith(beginning));
  }

  /** Whether some end of a log may have been about to refer to something. */
  get isTorn(): boolean {
    return this.#beginnings.size > 0;
  }

  /** Adds what a part refers to. A file whose name ends with `.jsonl` is a log; any other is one JSON value. */
  add({ name, bytes, end }: ReferencePart): void {
    if (name !== this.#name) this.#begin(name);
    const isLog = name.endsWith(".jsonl");
    if (isLog) this.#addLines(name, this.#held.push(bytes));
    else this.#held.hold(bytes);
    if (!end) return;
    const rest = this.#held.take();
    if (isLog) this.#addTail(rest);
    else this.#addDefinition(name, rest);
    this.#begin(undefined);
  }

  /**
   * Adds what a log `files` refers to, all of it: but for the versions that it later says need not be kept. These are
   * named in `unkept`.
   */
  addFilesLog(name: string, bytes: Uint8Array): void {
    const lines = [...linesIn(bytes)];
    const unkept = unkeptLines(lines.map(({ text }) => text ?? ""));
    for (const [at, { start, end }] of lines.entries()) {
      const gone = unkept.get(at);
      if (gone !== undefined) this.unkept.add(objectName(gone.sha256));
      // Its place stays, for what is said of lines that cannot be read.
      this.add({ name, bytes: gone === undefined ? bytes.subarray(start, end) : EMPTY_LINE, end: false });
    }
    this.add({ name, bytes: bytes.subarray(lines.at(-1)?.end ?? 0), end: true });
  }

  /** Says that a file, or its rest, cannot be read. */
  addUnreadable(name: string, message: string): void {
    if (name === this.#name) this.#begin(undefined);
    this.unread.push({ name, message, isClosed: true });
  }

  #begin(name: string | undefined): void {
    this.#name = name;
    this.#held = new HeldLines();
    this.#line = 1;
  }

  #addLines(name: string, bytes: Uint8Array): void {
    const text = decodeUtf8(bytes);
    if (text !== undefined && !this.#everyLine && !HINT.test(text)) {
      this.#line += countLines(bytes);
      return;
    }
    for (const { text, start, end } of linesIn(bytes)) {
      if (text === undefined) this.#addUnread(name, loose(bytes.subarray(start, end - 1)), "not UTF-8");
      else this.#addLine(name, text);
    }
  }

  #addLine(name: string, line: string): void {
    if (this.#everyLine || HINT.test(line)) {
      const json = parse(line);
      if (json !== undefined) this.#collect(json);
      else if (line.trim() !== "") {
        this.#addUnread(name, line, "not JSON");
        return;
      }
    }
    this.#line++;
  }

  #addUnread(name: string, line: string, message: string): void {
    this.unread.push({ name, line: this.#line++, message });
    for (const [hash] of line.matchAll(HASHES)) this.objects.add(objectName(hash));
  }

  #addTail(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const text = loose(bytes);
    for (const [hash] of text.matchAll(HASHES)) this.objects.add(objectName(hash));
    const json = parse(text);
    if (json !== undefined) this.#collect(json);
    const cut = /(?<![0-9a-f])[0-9a-f]{8,63}$/.exec(text);
    if (cut !== null) this.#beginnings.add(cut[0]);
  }

  #addDefinition(name: string, bytes: Uint8Array): void {
    const text = decodeUtf8(bytes);
    const json = text === undefined ? undefined : parse(text);
    if (json !== undefined) return this.#collect(json);
    this.unread.push({ name, message: text === undefined ? "not UTF-8" : "not JSON" });
    for (const [hash] of (text ?? loose(bytes)).matchAll(HASHES)) this.objects.add(objectName(hash));
  }

  /** However deep the value is. */
  #collect(json: unknown): void {
    if (typeof json !== "object" || json === null) return;
    const left: object[] = [json];
    for (let value = left.pop(); value !== undefined; value = left.pop()) {
      if (isObject(value) && value._dbx === "expfile" && isSha256(value.sha256)) {
        this.objects.add(objectName(value.sha256));
      }
      for (const item of Object.values(value)) if (typeof item === "object" && item !== null) left.push(item);
    }
  }
}

/** The value of a text, also with bare `NaN` and `Infinity`; undefined where it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const replaced = quoteNonstandardNumbers(text);
    if (replaced === undefined) return undefined;
    try {
      return JSON.parse(replaced);
    } catch {
      return undefined;
    }
  }
}

const lenientDecoder = new TextDecoder();

function loose(bytes: Uint8Array): string {
  return lenientDecoder.decode(bytes);
}
