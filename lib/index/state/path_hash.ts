import { HASH_FACTOR, HASH_START } from "../encoding/word_table.ts";

const encoder = new TextEncoder();

/** The bytes of a path in UTF-8, and their hash, as `hashOf` gives it. What was made last is good until the next. */
export class PathBytes {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1024);
  length = 0;
  hash = 0;

  set(path: string): void {
    if (path.length * 3 > this.bytes.length) this.bytes = new Uint8Array(path.length * 3);
    const { bytes } = this;
    let hash = HASH_START;
    for (let at = 0; at < path.length; at++) {
      const unit = path.charCodeAt(at);
      if (unit > 127) return this.#encode(path);
      bytes[at] = unit;
      hash = Math.imul(hash ^ unit, HASH_FACTOR);
    }
    this.length = path.length;
    this.hash = hash;
  }

  #encode(path: string): void {
    this.length = encoder.encodeInto(path, this.bytes).written;
    this.hash = HASH_START;
    for (let at = 0; at < this.length; at++) this.hash = Math.imul(this.hash ^ this.bytes[at], HASH_FACTOR);
  }
}
