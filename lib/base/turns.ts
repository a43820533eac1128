/** Milliseconds of a piece of work after which the thread is for others for as long as it took, and at most for so many. */
const LONG_MS = 20;
const MOST_REST_MS = 200;

/**
 * Turns of one thread for those who work long: one piece of work in each round of the event loop, so that whoever asks for
 * little waits for one piece at most, however many work. Each name has its turn after all others that wait.
 */
export class Turns {
  /** Those that wait, by name, in the order of their next turns. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #isGiving = false;
  #gaveAt = 0;

  /** Resolves when whoever has this name may do a piece of work. */
  turn(name: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const own = this.#waiting.get(name);
    if (own === undefined) this.#waiting.set(name, [resolve]);
    else own.push(resolve);
    if (!this.#isGiving) this.#giveLater();
    return promise;
  }

  #giveLater(): void {
    this.#isGiving = true;
    setTimeout(() => this.#give(), 0);
  }

  #give(): void {
    // What could not be cut into small pieces: whoever asks for little needs some rounds of the event loop.
    const took = performance.now() - this.#gaveAt;
    if (this.#gaveAt > 0 && took > LONG_MS) {
      this.#gaveAt = 0;
      setTimeout(() => this.#give(), Math.min(took, MOST_REST_MS));
      return;
    }
    this.#gaveAt = performance.now();
    const [[name, own]] = this.#waiting;
    this.#waiting.delete(name);
    const [next, ...left] = own;
    if (left.length > 0) this.#waiting.set(name, left);
    next();
    if (this.#waiting.size > 0) this.#giveLater();
    else [this.#isGiving, this.#gaveAt] = [false, 0];
  }
}
