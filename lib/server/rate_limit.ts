/** So many addresses are remembered; more, and the count begins anew for all. */
const MOST_ADDRESSES = 20_000;

/** Lets each address through so many times a second, and twice as many at once. */
export class RateLimit {
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(readonly perSecond: number, readonly now: () => number = () => performance.now()) {}

  allows(address: string): boolean {
    const now = this.now();
    let bucket = this.#buckets.get(address);
    if (bucket === undefined) {
      if (this.#buckets.size >= MOST_ADDRESSES) this.#buckets.clear();
      this.#buckets.set(address, bucket = { left: this.perSecond * 2, at: now });
    }
    bucket.left = Math.min(this.perSecond * 2, bucket.left + (now - bucket.at) / 1000 * this.perSecond);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  }
}

/** Whether an address is of this machine. */
export function isLoopback(address: string): boolean {
  return /^(::ffff:)?127(\.\d+){3}$|^::1$|^localhost$/.test(address);
}
