import { NEWLINE } from "../base/lines/lines_in.ts";
import { printable, printableJson } from "../base/printable.ts";
import type { CharacterSet } from "../plot/cells/characters.ts";
import type { Piece } from "./colours.ts";
import { PagedSink, type Pager } from "./paged_sink.ts";
import { type Sink, streamSink } from "./sink.ts";

/** How much is gathered before it is written. */
const PIECE = 64 * 1024;

/** What stands where the next byte goes. Two outputs on one terminal share it. */
interface Cursor {
  /** Whether bytes of a child ended inside a line. */
  inLine: boolean;
  /** Whether a bar stands in the line. */
  hasBar: boolean;
  /** How often something was written. */
  writes: number;
}

/** Of an output that has begun. */
function newCursor(): Cursor {
  return { inLine: false, hasBar: false, writes: 0 };
}

/**
 * The only way by which a command prints. Nothing passes it as it is, but for the bytes of the user's own programs: texts
 * are written so that no terminal obeys them (`printable`), also in a pipe, which may end at a terminal; control sequences are
 * made here and nowhere else.
 *
 * What is said after a child's bytes, or a bar, begins a line of its own.
 */
export class Output {
  readonly #sink: Sink;
  readonly #cursor: Cursor;
  readonly #encoder = new TextEncoder();

  constructor(sink: Sink, cursor: Cursor = newCursor()) {
    this.#sink = sink;
    this.#cursor = cursor;
  }

  get isTerminal(): boolean {
    return this.#sink.isTerminal;
  }

  /** Whether colours are shown. */
  get colour(): boolean {
    return this.#sink.colour;
  }

  /** Whether the terminal shows 256 colours. */
  get manyColours(): boolean {
    return this.#sink.manyColours ?? false;
  }

  /** The width of the terminal at this moment; 80 if there is none. */
  get columns(): number {
    return this.#sink.columns;
  }

  /** The height of the terminal at this moment; 24 if there is none. */
  get rows(): number {
    return this.#sink.rows ?? 24;
  }

  /** Changes whenever something is written here or, on the same terminal, by the other output. */
  get writes(): number {
    return this.#cursor.writes;
  }

  /** What can be drawn with. */
  get characters(): CharacterSet {
    return this.#sink.characters ?? "braille";
  }

  /** Writes one line. A line feed in it is part of a user's text, and is shown as one. */
  line(...pieces: readonly Piece[]): void {
    this.#write(this.#rendered(pieces) + "\n");
  }

  /** Writes many lines, each as `line` does, in few calls. */
  lines(lines: Iterable<Piece | readonly Piece[]>): void {
    this.#gathered(lines, (line) => this.#rendered(Array.isArray(line) ? line : [line as Piece]) + "\n");
  }

  /** Writes a text of our own, whose line feeds are meant. */
  ownText(text: string): void {
    if (text !== "") this.lines((text.endsWith("\n") ? text.slice(0, -1) : text).split("\n"));
  }

  /**
   * Writes records of data (CSV, printed lines), each of which ends with a line feed. In a pipe or a file they are as they are;
   * on a terminal each is one line.
   */
  records(records: Iterable<string>): void {
    if (!this.isTerminal) return this.#gathered(records, (record) => record);
    this.#gathered(records, (record) => printable(record.endsWith("\n") ? record.slice(0, -1) : record) + "\n");
  }

  /** Writes a value as JSON and a line feed. `indent`: spaces; without it, in one line. */
  json(value: unknown, indent?: number): void {
    this.jsonText(JSON.stringify(value, null, indent) + "\n");
  }

  /** Writes a piece of JSON that was made elsewhere. Its value stays the same. */
  jsonText(text: string): void {
    this.#write(printableJson(text));
  }

  /** Passes on the very bytes of a program that the user started, or of a protocol. */
  passBytes(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#cursor.writes++;
    this.#sink.write(bytes);
    this.#cursor.inLine = bytes.at(-1) !== NEWLINE;
    this.#cursor.hasBar = false;
  }

  /** Asks something at the beginning of a line, in which the answer is typed. */
  prompt(question: string): void {
    this.#write(printable(question));
  }

  /** Draws a line that is drawn again, such as a bar. Does nothing where there is no terminal. */
  draw(text: string): void {
    if (!this.isTerminal) return;
    this.#put((this.#cursor.inLine ? "\n" : "") + "\r\x1b[K" + printable(text));
    this.#cursor.inLine = false;
    this.#cursor.hasBar = true;
  }

  /** Writes a control sequence of our own, such as a picture, in which no text of others stands. Nothing where there is no terminal. */
  control(sequence: string): void {
    if (this.isTerminal) this.#write(sequence);
  }

  /** Takes away what was drawn, if it still stands. */
  clear(): void {
    if (this.#cursor.hasBar) this.#put("\r\x1b[K");
    this.#cursor.hasBar = false;
  }

  /** Takes away the last lines, which are written again. Does nothing where there is no terminal. */
  rewind(lines: number): void {
    if (this.isTerminal && lines > 0) this.#write(`\x1b[${lines}A\x1b[J`);
  }

  /** Draws on the whole screen of a terminal: sequences of `screen/`, in which texts are cells that no terminal obeys. */
  drawScreen(sequences: string): void {
    if (this.isTerminal) this.#put(sequences);
  }

  /**
   * Begins a part of the log of a GitLab job, which the page folds under its first line. `name`: letters, digits and `_`.
   * `time`: milliseconds since the Unix epoch.
   */
  foldStart(name: string, time: number, ...title: readonly Piece[]): void {
    this.#write(`\x1b[0Ksection_start:${Math.floor(time / 1000)}:${name}\r\x1b[0K${this.#rendered(title)}\n`);
  }

  /** Ends it. */
  foldEnd(name: string, time: number): void {
    this.#write(`\x1b[0Ksection_end:${Math.floor(time / 1000)}:${name}\r\x1b[0K\n`);
  }

  #gathered<Line>(lines: Iterable<Line>, rendered: (line: Line) => string): void {
    let text = "";
    for (const line of lines) {
      text += rendered(line);
      if (text.length < PIECE) continue;
      this.#write(text);
      text = "";
    }
    if (text !== "") this.#write(text);
  }

  #rendered(pieces: readonly Piece[]): string {
    let line = "";
    for (const piece of pieces) {
      if (typeof piece === "string") line += printable(piece);
      else if (!this.#sink.colour) line += printable(piece.text);
      else line += `\x1b[${piece.code(this.#sink.manyColours)}m${printable(piece.text)}\x1b[0m`;
    }
    return this.isTerminal && this.characters === "ascii" && line.includes("…") ? inAscii(line) : line;
  }

  /** Writes text that is safe by now. */
  #write(text: string): void {
    this.clear();
    const start = this.#cursor.inLine ? "\n" : "";
    this.#put(start + text);
    this.#cursor.inLine = false;
  }

  #put(text: string): void {
    this.#cursor.writes++;
    this.#sink.write(this.#encoder.encode(text));
  }
}

/** The ellipses of a line in ASCII: that of a text that was cut takes one column, as before. */
function inAscii(line: string): string {
  return line.replace(/(^|[\s"(])…/g, "$1...").replaceAll("…", "~");
}

/** stdout and stderr of this process. Where both are terminals, they are one as a rule. */
export function standardOutputs(env: Readonly<Record<string, string>>): { stdout: Output; stderr: Output } {
  return outputsOf(streamSink(Deno.stdout, env), streamSink(Deno.stderr, env));
}

/**
 * The same, where what is longer than a screen of the terminal goes to a pager. `end`: shows what is held until then, or waits until
 * the reader leaves the pager.
 */
export function pagedOutputs(
  env: Readonly<Record<string, string>>,
  start: () => Pager,
): { stdout: Output; stderr: Output; end: () => Promise<void> } {
  const stderr = new Output(streamSink(Deno.stderr, env));
  const sink = new PagedSink(streamSink(Deno.stdout, env), start, () => stderr.clear());
  return { stdout: new Output(sink), stderr, end: () => sink.end() };
}

/** The same for any two places. */
export function outputsOf(stdout: Sink, stderr: Sink): { stdout: Output; stderr: Output } {
  const cursor = newCursor();
  const own = stdout.isTerminal && stderr.isTerminal ? cursor : undefined;
  return { stdout: new Output(stdout, own), stderr: new Output(stderr, cursor) };
}
