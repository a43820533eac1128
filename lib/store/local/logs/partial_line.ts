import { NEWLINE } from "../../../base/lines/lines_in.ts";
import { concat } from "../../../base/bytes.ts";
import { MAX_LINE } from "../../file_chunks.ts";
import type { FileChunk } from "../../store.ts";

/** The beginning of a line that comes in pieces for the place of a torn tail, which stays until all of the line is there. */
export class PartialLine {
  readonly #pieces: Uint8Array[];
  #length: number;

  /** `first`: the part that met the torn tail. */
  constructor(readonly first: FileChunk) {
    this.#pieces = [first.bytes];
    this.#length = first.bytes.length;
  }

  /**
   * What follows, from where the line begins on; undefined where that is only more of the line, and is held too. Beyond the
   * longest line there may be, it is not held.
   */
  with(part: FileChunk): FileChunk | undefined {
    const bytes = [...this.#pieces, part.bytes];
    const isOver = part.end || part.bytes.includes(NEWLINE) || this.#length + part.bytes.length > MAX_LINE;
    if (isOver) return { ...part, offset: this.first.offset, bytes: concat(bytes) };
    this.#pieces.push(part.bytes);
    this.#length += part.bytes.length;
    return undefined;
  }

  /** Whether more of it may be held. */
  get hasRoom(): boolean {
    return this.#length <= MAX_LINE;
  }
}
