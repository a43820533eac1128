/** One doing of the work. */
interface Doing<T> extends PromiseWithResolvers<T> {
  readonly stop: AbortController;
  /** How many wait for it. */
  waiting: number;
}

/**
 * Work whose result is the same for all who ask at the same time: it is done once for them, and only once at a time. A
 * caller gets a result that was started after its request. It is stopped when no caller waits for it any more.
 */
export class SingleFlight<T> {
  #running: Doing<T> | undefined;
  #next: Doing<T> | undefined;

  constructor(readonly work: (signal: AbortSignal) => Promise<T>) {}

  /** A result that was begun from now on. Rejects with the signal's reason when it aborts. */
  async fresh(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const doing = this.#next ??= this.#plan();
    doing.waiting++;
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = () => reject(signal?.reason);
    signal?.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([doing.promise, left]);
    } finally {
      signal?.removeEventListener("abort", leave);
      if (--doing.waiting === 0) {
        if (this.#next === doing) this.#next = undefined;
        doing.stop.abort();
      }
    }
  }

  /** What comes after what runs. */
  #plan(): Doing<T> {
    const doing: Doing<T> = { ...Promise.withResolvers<T>(), stop: new AbortController(), waiting: 0 };
    doing.promise.catch(() => {}); // All who asked may have left.
    void this.#do(doing, this.#running?.promise);
    return doing;
  }

  async #do(doing: Doing<T>, before: Promise<T> | undefined): Promise<void> {
    try {
      await before?.catch(() => {});
      if (this.#next === doing) this.#next = undefined;
      doing.stop.signal.throwIfAborted();
      this.#running = doing;
      doing.resolve(await this.work(doing.stop.signal));
    } catch (error) {
      doing.reject(error);
    } finally {
      if (this.#running === doing) this.#running = undefined;
    }
  }
}
