/** Does work of one key one after another, and work of different keys at the same time. */
export class SerialByKey {
  readonly #last = new Map<string, Promise<void>>();

  /** Does work when no other work of this key is done any more, however that ended. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const done = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const over = done.then(() => {}, () => {});
    this.#last.set(key, over);
    try {
      return await done;
    } finally {
      if (this.#last.get(key) === over) this.#last.delete(key);
    }
  }
}
