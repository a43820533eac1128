/** The longest wait in seconds; who has written much more then waits again. */
const MAX_WAIT_SECONDS = 30;

/**
 * Bytes a second of each one, in the long run. How much a request writes is known when it has: a client that has
 * written too much waits until time has caught up.
 */
export class ByteRate {
  /** Bytes that were written and not yet waited for, and when that was. */
  readonly #debts = new Map<string, { bytes: number; at: number }>();

  constructor(readonly now: () => number = () => performance.now()) {}

  /** Whole seconds after which a client may write again; 0: now. A second's worth may always be owed. */
  wait(who: string, perSecond: number): number {
    const debt = this.#debts.get(who);
    if (debt === undefined) return 0;
    const now = this.now();
    debt.bytes = Math.max(0, debt.bytes - (now - debt.at) / 1000 * perSecond);
    debt.at = now;
    return debt.bytes <= perSecond ? 0 : Math.min(MAX_WAIT_SECONDS, Math.ceil(debt.bytes / perSecond - 1));
  }

  /** Records what a client has written. */
  spend(who: string, bytes: number): void {
    const debt = this.#debts.get(who);
    if (debt === undefined) this.#debts.set(who, { bytes, at: this.now() });
    else debt.bytes += bytes;
  }
}
