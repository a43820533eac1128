/** For so long, in milliseconds, objects that came are looked at when something is purged; and at so many at most. */
const LATELY_MS = 3_600_000;
const MAX_ARRIVALS = 10_000;

/** Objects that others sent lately: nothing may say any more whose they are when their run is purged. */
export class RecentArrivals {
  /** By name, when they came. */
  readonly #arrived = new Map<string, number>();

  add(names: Iterable<string>): void {
    const now = Date.now();
    for (const name of names) this.#arrived.set(name, now);
    for (const [name, time] of this.#arrived) {
      if (this.#arrived.size <= MAX_ARRIVALS && now - time < LATELY_MS) return;
      this.#arrived.delete(name);
    }
  }

  names(): string[] {
    return [...this.#arrived.keys()];
  }
}
