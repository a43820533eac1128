/** Rows one by one out of arrays of them. Nothing is awaited within an array, which an async generator would do at each row. */
export class RowIterator<T> implements AsyncIterator<T> {
  #rows: readonly T[] = [];
  #at = 0;
  /** The array that is being waited for. */
  #next: Promise<boolean> | undefined;
  readonly #chunks: AsyncIterator<readonly T[]>;

  constructor(chunks: AsyncIterable<readonly T[]>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#next !== undefined || this.#at === this.#rows.length) return this.#nextOfNextChunk();
    return Promise.resolve({ value: this.#rows[this.#at++], done: false });
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#rows = [];
    this.#at = 0;
    await this.#chunks.return?.();
    return { value: undefined, done: true };
  }

  async #nextOfNextChunk(): Promise<IteratorResult<T, undefined>> {
    while (this.#next !== undefined || this.#at === this.#rows.length) {
      this.#next ??= this.#load();
      if (!await this.#next) return { value: undefined, done: true };
    }
    return { value: this.#rows[this.#at++], done: false };
  }

  /** Whether there is one more. */
  async #load(): Promise<boolean> {
    try {
      const { value, done } = await this.#chunks.next();
      this.#rows = done ? [] : value;
      this.#at = 0;
      return !done;
    } finally {
      this.#next = undefined;
    }
  }
}
