import { LruCache } from "../../base/lru_cache.ts";

/** So many addresses are remembered, those that asked last. */
const MAX_ADDRESSES = 20_000;

/** Lets each address through so many times a second, and twice as many at once. */
export class RateLimit {
  readonly #buckets = new LruCache<string, { left: number; at: number }>(MAX_ADDRESSES);

  constructor(readonly perSecond: number, readonly now: () => number = () => performance.now()) {}

  allows(address: string): boolean {
    const now = this.now();
    let bucket = this.#buckets.get(address);
    if (bucket === undefined) this.#buckets.set(address, bucket = { left: this.perSecond * 2, at: now });
    bucket.left = Math.min(this.perSecond * 2, bucket.left + (now - bucket.at) / 1000 * this.perSecond);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  }
}

/**
 * Whose an address is, as far as a budget goes: who has one IPv6 address has the 2^64 that begin alike, and an IPv4 address is
 * the same one when it is written as IPv6.
 */
export function groupOf(address: string): string {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address);
  if (mapped !== null) return mapped[1];
  if (!address.includes(":")) return address;
  const [head, tail] = address.split("%")[0].split("::").map((part) => (part === "" ? [] : part.split(":")));
  const groups = tail === undefined
    ? head
    : [...head, ...Array(Math.max(0, 8 - head.length - tail.length)).fill("0"), ...tail];
  return `${groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, "").toLowerCase()).join(":")}::/64`;
}

/** Whether an address is of this machine. */
export function isLoopback(address: string): boolean {
  return /^(::ffff:)?127(\.\d+){3}$|^::1$|^localhost$/.test(address);
}
