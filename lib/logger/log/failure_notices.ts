/** Milliseconds in which a disk that fails again and again is said to work again once only. */
const QUIET_MS = 60_000;

/** What a log says to people of events that cannot be kept: the first trouble, and that it is over. */
export class FailureNotices {
  #isWarned = false;
  #isToldOfFailure = false;
  #quietUntil = -Infinity;

  constructor(readonly onWarning: (message: string) => void) {}

  /** Says that something is lost, unless a trouble was said already. */
  warn(message: string): void {
    if (this.#isWarned) return;
    this.#isWarned = true;
    this.onWarning(`${message}; continuing; the summary at the end lists what was lost`);
  }

  /** The same, of a file that cannot be written at present. */
  fail(message: string): void {
    this.#isToldOfFailure ||= !this.#isWarned;
    this.warn(message);
  }

  /** Says that a file of which it was said that it cannot be written is written again. `lost`: events that were lost so far. */
  recover(path: string, lost: number, now: number): void {
    if (!this.#isToldOfFailure || now < this.#quietUntil) return;
    this.#isToldOfFailure = this.#isWarned = false;
    this.#quietUntil = now + QUIET_MS;
    this.onWarning(
      `"${path}" can be written again; ${lost === 0 ? "nothing was lost" : `events lost so far: ${lost}`}`,
    );
  }
}
