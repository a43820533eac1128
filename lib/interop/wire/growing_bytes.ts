/** The bytes of a file as they come, of which a reader takes whole records. */
export class GrowingBytes {
  #bytes: Uint8Array = new Uint8Array();
  #view = new DataView(new ArrayBuffer(0));
  #pieces: AsyncIterator<Uint8Array>;
  #isDone = false;
  #at = 0;
  #offset: number;

  /** `offset`: where in the file the first piece begins. */
  constructor(pieces: AsyncIterable<Uint8Array>, offset: number) {
    this.#pieces = pieces[Symbol.asyncIterator]();
    this.#offset = offset;
  }

  /** What is held, from `at` on. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }
  /** The same, to read numbers of. */
  get view(): DataView {
    return this.#view;
  }
  /** Where in `bytes` the next record begins. */
  get at(): number {
    return this.#at;
  }
  /** Where in the file that is. */
  get offset(): number {
    return this.#offset + this.#at;
  }
  /** How many bytes are held from there on. */
  get held(): number {
    return this.#bytes.length - this.#at;
  }

  /** Goes on by so many bytes, which are held. */
  take(count: number): void {
    this.#at += count;
  }

  /** Reads until at least so many bytes are held; false where the file ends before. */
  async need(count: number): Promise<boolean> {
    if (this.held >= count) return true;
    const pieces: Uint8Array[] = [this.#bytes.subarray(this.#at)];
    let held = this.held;
    while (held < count && !this.#isDone) {
      const next = await this.#pieces.next();
      if (next.done) this.#isDone = true;
      else {
        pieces.push(next.value);
        held += next.value.length;
      }
    }
    this.#offset += this.#at;
    this.#at = 0;
    const all = new Uint8Array(held);
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    this.#bytes = all;
    this.#view = new DataView(all.buffer);
    return held >= count;
  }

  /** Passes over bytes that need not be held; false where the file ends before. */
  async skip(count: number): Promise<boolean> {
    while (count > this.held) {
      count -= this.held;
      this.#at = this.#bytes.length;
      if (!await this.need(1)) return count === 0;
    }
    this.#at += count;
    return true;
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
