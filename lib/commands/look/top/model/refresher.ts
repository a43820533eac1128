/** Milliseconds between the end of one piece of work and the next at least, and as a multiple of how long it took. */
const PAUSE_MS = 200;
const PAUSE_FACTOR = 2;

/**
 * Does some work again each time that something has changed: one at a time, and with pauses, so that most of the time is left
 * for what is typed.
 */
export class Refresher {
  #isDirty = false;
  #isRunning = false;
  #readyAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `work`: is never called twice at once. `onError`: is told what it rejects with, unless the signal aborted it. */
  constructor(
    readonly work: () => Promise<void>,
    readonly signal: AbortSignal,
    readonly onError: (error: unknown) => void,
    readonly pauseMs: number = PAUSE_MS,
  ) {}

  /** Has the work done soon. */
  invalidate(): void {
    this.#isDirty = true;
    if (this.#isRunning || this.#timer !== undefined || this.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, Math.max(0, this.#readyAt - performance.now()));
  }

  /** Has it done without the pause: somebody waits for it. */
  now(): void {
    this.#readyAt = -Infinity;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.invalidate();
  }

  async #run(): Promise<void> {
    if (this.signal.aborted) return;
    this.#isRunning = true;
    this.#isDirty = false;
    const from = performance.now();
    try {
      await this.work();
    } catch (error) {
      if (!this.signal.aborted) this.onError(error);
    }
    this.#isRunning = false;
    const end = performance.now();
    this.#readyAt = end + Math.max(this.pauseMs, (end - from) * PAUSE_FACTOR);
    if (this.#isDirty) this.invalidate();
  }
}
