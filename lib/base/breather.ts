/** Lets a long computation give way to other work from time to time, and end when its signal says so. */
export class Breather {
  #last = performance.now();

  constructor(readonly signal?: AbortSignal, readonly everyMs = 30) {}

  /** Whether it is time; costs nothing but a look at the clock. */
  get isDue(): boolean {
    return performance.now() - this.#last > this.everyMs;
  }

  /** Gives way where it is time. Throws where the signal has been aborted. */
  async pass(): Promise<void> {
    this.signal?.throwIfAborted();
    if (this.isDue) await this.breathe();
  }

  /** Gives way. Throws where the signal has been aborted. */
  async breathe(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.signal?.throwIfAborted();
    this.#last = performance.now();
  }
}
