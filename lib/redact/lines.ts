import type { Redactor } from "./redactor.ts";

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
/** A line of a key: base64, a header, or nothing; in front of it what a diff, a quotation or a logger puts there. */
const OF_KEY =
  /^[\s+\->|#*"'\\]*(?:[A-Za-z0-9+/=]*|(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):.*)(?:\\[nr]|["',+)\\\s])*$|(?:^|\s)[A-Za-z0-9+/=]{32,}\W*$/;
/** No key has more lines. */
const MOST_LINES = 2000;

/** Redacts lines that come one after the other, so that a private key goes from its first line to its last. */
export class LineRedactor {
  #left = 0;

  constructor(readonly redactor: Redactor) {}

  /** A line without its line feed. */
  push(line: string): string {
    if (this.#left > 0) {
      const end = END.exec(line);
      if (end !== null) {
        this.#left = 0;
        return this.redactor.mark("private-key") + this.redactor.text(line.slice(end.index + end[0].length));
      }
      if (this.#left-- > 1 && OF_KEY.test(line)) return line.trim() === "" ? line : this.redactor.mark("private-key");
      this.#left = 0;
    }
    if (line.includes("PRIVATE KEY") && BEGIN.test(line) && !END.test(line.slice(line.search(BEGIN)))) {
      this.#left = MOST_LINES;
    }
    return this.redactor.text(line);
  }
}
