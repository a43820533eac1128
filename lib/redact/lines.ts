import type { TextRedactor } from "./text_redactor.ts";
import { looksRandom } from "./rules/secret_values.ts";

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
/** A line of a key: base64, a header, or nothing; in front of it what a diff, a quotation or a logger puts there. */
const OF_KEY =
  /^[\s+\->|#*"'\\]*(?:[A-Za-z0-9+/=]*|(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):.*)(?:\\[nr]|["',+)\\\s])*$|(?:^|\s)[A-Za-z0-9+/=]{32,}\W*$/;
/** No key has more lines. */
const MAX_KEY_LINES = 2000;

/** A line of a key of which the first line was not seen. */
const AMID_KEY = /^[A-Za-z0-9+/=]{32,}\s*$/;
/** What may be the rest of a secret whose beginning was not seen. */
const REST = /^[A-Za-z0-9_+=-]{10,}/;

/**
 * Redacts lines that come one after the other, so that a private key goes from its first line to its last. `amid`: what stood in
 * front of the first line is not known, as another dbx read it and died; it may have been the beginning of a key or of a word.
 */
export class LineRedactor {
  #left = 0;
  /** So many more lines may belong to something of which the beginning was not seen. */
  #unsure: number;

  constructor(readonly redactor: TextRedactor, options: { readonly amid?: boolean } = {}) {
    this.#unsure = options.amid === true ? 2 : 0;
  }

  /** A line without its line feed. */
  push(line: string): string {
    if (this.#unsure > 0) {
      const isFirst = this.#unsure-- === 2;
      const rest = isFirst ? REST.exec(line)?.[0] : undefined;
      // The first line may be the rest of one of the key.
      if (AMID_KEY.test(line)) this.#left = MAX_KEY_LINES;
      else if (rest !== undefined && looksRandom(rest)) {
        return this.redactor.mark("cut") + this.redactor.text(line.slice(rest.length));
      }
    }
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
      this.#left = MAX_KEY_LINES;
    }
    return this.redactor.text(line);
  }
}
