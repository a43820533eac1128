import { concat } from "../bytes.ts";
import { lengthOfLines } from "./lines_in.ts";

/** Whole lines out of bytes that come in chunks, which may end anywhere. It holds the beginning of a line until its end has come. */
export class HeldLines {
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** Bytes that are held. A caller that has a limit for a line compares it with this. */
  get length(): number {
    return this.#length;
  }

  /** The lines that a chunk completes, as one piece: empty if it completes none. */
  push(bytes: Uint8Array): Uint8Array {
    const whole = lengthOfLines(bytes);
    let lines = bytes.subarray(0, whole);
    if (whole > 0 && this.#length > 0) lines = concat([...this.#pieces.splice(0), lines]);
    if (whole > 0) this.#length = 0;
    this.hold(bytes.subarray(whole));
    return lines;
  }

  /** Holds all of a chunk, line feeds or not. The bytes are copied: a reader may use its buffer again. */
  hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes.slice());
    this.#length += bytes.length;
  }

  /** Gives what is held, and forgets it. */
  take(): Uint8Array {
    const pieces = this.#pieces.splice(0);
    this.#length = 0;
    return pieces.length === 1 ? pieces[0] : concat(pieces);
  }
}
