import { joined } from "../../base/bytes.ts";

/** A line is cut, for the log only, after so many bytes. */
const LONGEST_LINE = 1024 * 1024;
const NEWLINE = 10;

/** CSI, OSC and two-character sequences of ECMA-48. */
// deno-lint-ignore no-control-regex
const ESCAPE_SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;

/**
 * Cuts bytes into printed lines as a terminal would leave them: of what carriage returns rewrite, the last state stays;
 * escape sequences go; bytes that are no UTF-8 become U+FFFD. The bytes themselves are not touched.
 */
export class LineSplitter {
  #rest: Uint8Array = new Uint8Array();
  readonly #decoder = new TextDecoder();

  /** The lines that a piece of output completes. */
  push(bytes: Uint8Array): string[] {
    const last = bytes.lastIndexOf(NEWLINE);
    if (last < 0) {
      this.#keep(bytes);
      return this.#rest.length > LONGEST_LINE ? this.end() : [];
    }
    const head = bytes.subarray(0, last);
    const whole = this.#rest.length === 0 ? head : joined(this.#rest, head);
    this.#rest = bytes.slice(last + 1);
    return this.#decoder.decode(whole).split("\n").map(asLeftOnScreen);
  }

  /** What is left when the output ends, if anything. */
  end(): string[] {
    if (this.#rest.length === 0) return [];
    const line = asLeftOnScreen(this.#decoder.decode(this.#rest));
    this.#rest = new Uint8Array();
    return [line];
  }

  /** A progress bar may be rewritten for hours before its line ends: only its last state is kept in memory. */
  #keep(bytes: Uint8Array): void {
    const all = joined(this.#rest, bytes);
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
