import { createHash, type Hash } from "node:crypto";

const BUFFER = 64 * 1024;

/** The SHA-256 of bytes that come piece by piece, which can be asked for at any moment. Small pieces are hashed together. */
export class RunningHash {
  readonly #hash: Hash = createHash("sha256");
  readonly #buffer = new Uint8Array(BUFFER);
  #filled = 0;

  update(bytes: Uint8Array): void {
    const isLarge = bytes.length > BUFFER / 2;
    if (isLarge || this.#filled + bytes.length > BUFFER) this.#empty();
    if (isLarge) this.#hash.update(bytes);
    else {
      this.#buffer.set(bytes, this.#filled);
      this.#filled += bytes.length;
    }
  }

  /** The hash of all bytes so far, and perhaps of some more that are not kept. */
  digest(more?: Uint8Array): string {
    this.#empty();
    const copy = this.#hash.copy();
    if (more !== undefined) copy.update(more);
    return copy.digest("hex");
  }

  #empty(): void {
    if (this.#filled > 0) this.#hash.update(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}
