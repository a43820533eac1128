/** Milliseconds of a piece of work after which the thread is for others for as long as it took, and at most for so many. */
const LONG_MS = 20;
const MAX_REST_MS = 200;

/**
 * Turns of one thread for those who work long: one piece of work in each round of the event loop, so that a caller with
 * little work waits for at most one piece, however many others work. Each name has its turn after all others that wait.
 */
export class FairScheduler {
  /** Those that wait, by name, in the order of their next turns. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #isGiving = false;
  /** When the last piece was begun; then it is seen how long it took. */
  #gaveAt = Infinity;

  /** Resolves when the caller with this name may do a piece of work. */
  turn(name: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const own = this.#waiting.get(name);
    if (own === undefined) this.#waiting.set(name, [resolve]);
    else own.push(resolve);
    if (!this.#isGiving) this.#giveLater();
    return promise;
  }

  #giveLater(milliseconds = 0): void {
    this.#isGiving = true;
    setTimeout(() => this.#give(), milliseconds);
  }

  #give(): void {
    // What could not be cut into small pieces: a caller with little work needs some rounds of the event loop.
    const took = performance.now() - this.#gaveAt;
    this.#gaveAt = Infinity;
    if (took > LONG_MS) return this.#giveLater(Math.min(took, MAX_REST_MS));
    const [first] = this.#waiting;
    if (first === undefined) {
      this.#isGiving = false;
      return;
    }
    const [name, [next, ...left]] = first;
    this.#waiting.delete(name);
    if (left.length > 0) this.#waiting.set(name, left);
    this.#gaveAt = performance.now();
    next();
    this.#giveLater();
  }
}
