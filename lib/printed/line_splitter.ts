import { NEWLINE } from "../base/lines/lines_in.ts";
import { concat } from "../base/bytes.ts";
import type { LineRedactor } from "../redact/lines.ts";
import type { Redactor } from "../redact/redactor.ts";

/** A line is cut, for the log only, after so many bytes. */
const MAX_LINE_BYTES = 1024 * 1024;
/** So much of a longer line is looked at before it is cut, so that the cut does not go through a secret. */
const LOOK_AHEAD = 64 * 1024;
/** The last bytes of what is there may be half a character. */
const MAX_PARTIAL_BYTES = 64;
/** CSI, OSC and two-character sequences of ECMA-48. */
// deno-lint-ignore no-control-regex
const ESCAPE_SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;

/**
 * Cuts bytes into printed lines as a terminal would leave them: of what carriage returns rewrite, the last state stays;
 * escape sequences go; bytes that are not UTF-8 become U+FFFD; secrets are redacted. The bytes themselves are not
 * touched.
 */
export class LineSplitter {
  /** Not as `HeldLines` holds it: a carriage return rewrites what is held, and what is too long is cut. */
  #rest: Uint8Array = new Uint8Array();
  readonly #decoder = new TextDecoder();
  readonly #redactor: Redactor;
  readonly #lines: LineRedactor;

  /** `amid`: the bytes may begin inside a line, and of what stood before nothing is known. */
  constructor(redactor: Redactor, options: { readonly amid?: boolean } = {}) {
    this.#redactor = redactor;
    this.#lines = redactor.lines(options);
  }

  /** The lines that a piece of output completes. */
  push(bytes: Uint8Array): string[] {
    const last = bytes.lastIndexOf(NEWLINE);
    if (last < 0) {
      this.#keep(bytes);
      return this.#cut();
    }
    const head = bytes.subarray(0, last);
    const whole = this.#rest.length === 0 ? head : concat([this.#rest, head]);
    this.#rest = bytes.slice(last + 1);
    return this.#decoder.decode(whole).split("\n").map((line) => this.#finished(line));
  }

  /** What is left when the output ends, if anything. */
  end(): string[] {
    if (this.#rest.length === 0) return [];
    const line = this.#finished(this.#decoder.decode(this.#rest));
    this.#rest = new Uint8Array();
    return [line];
  }

  #finished(line: string): string {
    return this.#lines.push(asLeftOnScreen(line));
  }

  /** The beginnings of a line that is too long, each of them a line of its own. */
  #cut(): string[] {
    if (this.#rest.length <= MAX_LINE_BYTES + LOOK_AHEAD) return [];
    let end = this.#rest.length - MAX_PARTIAL_BYTES;
    while ((this.#rest[end] & 0xc0) === 0x80) end--;
    const line = asLeftOnScreen(this.#decoder.decode(this.#rest.subarray(0, end)));
    const lines: string[] = [];
    let from = 0;
    while (line.length - from > MAX_LINE_BYTES) {
      const text = line.slice(from, from + MAX_LINE_BYTES + LOOK_AHEAD);
      const at = this.#redactor.cutBefore(text, Math.min(MAX_LINE_BYTES, text.length - LOOK_AHEAD));
      lines.push(this.#lines.push(text.slice(0, at)));
      from += at;
    }
    this.#rest = concat([new TextEncoder().encode(line.slice(from)), this.#rest.subarray(end)]);
    return lines;
  }

  /** A progress bar may be rewritten for hours before its line ends: only its last state is kept in memory. */
  #keep(bytes: Uint8Array): void {
    const all = concat([this.#rest, bytes]);
    const end = all.at(-1) === 13 ? all.length - 1 : all.length;
    const back = end > 0 ? all.lastIndexOf(13, end - 1) : -1;
    this.#rest = back < 0 ? all : all.slice(back + 1);
  }
}

function asLeftOnScreen(line: string): string {
  if (line.includes("\r")) {
    if (line.endsWith("\r")) line = line.slice(0, -1);
    line = line.slice(line.lastIndexOf("\r") + 1);
  }
  if (line.includes("\x1b")) line = line.replace(ESCAPE_SEQUENCE, "");
  return line;
}
