/** How a long computation gives way to other work. */
export interface Pace {
  /** Milliseconds of work after which others get their turn. Default 30. */
  readonly everyMs?: number;
  /** Resolves when the next piece of work may be done. Default: when the other work of this thread has had its turn. */
  readonly turn?: () => Promise<void>;
}

/** Lets a long computation give way to other work from time to time, and end when its signal says so. */
export class Yielder {
  #last = performance.now();
  readonly #everyMs: number;

  constructor(readonly signal?: AbortSignal, readonly pace: Pace = {}) {
    this.#everyMs = pace.everyMs ?? 30;
  }

  /** Whether it is time; costs nothing but a look at the clock. */
  get shouldYield(): boolean {
    return performance.now() - this.#last > this.#everyMs;
  }

  /** Gives way where it is time. Throws if the signal has been aborted. */
  async checkpoint(): Promise<void> {
    this.signal?.throwIfAborted();
    if (this.shouldYield) await this.yieldNow();
  }

  /** Gives way. Throws if the signal has been aborted. */
  async yieldNow(): Promise<void> {
    await (this.pace.turn ?? later)();
    this.signal?.throwIfAborted();
    this.#last = performance.now();
  }
}

function later(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
