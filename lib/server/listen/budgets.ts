import { RateLimit } from "./rate_limit.ts";
import { HttpError } from "../http/http_error.ts";

/** Requests that are worked on at the same time, of all and of one. */
export interface ConcurrencyLimits {
  readonly all: number;
  readonly each: number;
}

/**
 * What clients may ask for at the same time and in a second. Requests with a token count as one client per token,
 * whatever the address; strangers are one by their address. Strangers together, and each one, have half of what others
 * have, and take nothing of it: clients with a token always keep a share.
 */
export class Budgets {
  readonly #rate: RateLimit;
  readonly #active = new Map<string, number>();
  #known = 0;
  #strangers = 0;

  constructor(readonly most: ConcurrencyLimits, perSecond: number) {
    this.#rate = new RateLimit(perSecond);
  }

  /** Takes up a request; what it returns gives its place back. Throws a refusal where there is none. */
  enter(known: string | undefined, address: string): () => void {
    const key = known === undefined ? `stranger ${address}` : `known ${known}`;
    if (!this.#rate.allows(key)) throw new HttpError(429, "too many requests", { "retry-after": "1" });
    const share = known === undefined ? 2 : 1;
    const own = this.#active.get(key) ?? 0;
    const all = known === undefined ? this.#strangers : this.#known;
    if (all >= this.most.all / share || own >= this.most.each / share) {
      throw new HttpError(503, "too many requests at once", { "retry-after": "1" });
    }
    this.#count(known, 1);
    this.#active.set(key, own + 1);
    return () => {
      this.#count(known, -1);
      const left = this.#active.get(key)! - 1;
      if (left === 0) this.#active.delete(key);
      else this.#active.set(key, left);
    };
  }

  #count(known: string | undefined, by: number): void {
    if (known === undefined) this.#strangers += by;
    else this.#known += by;
  }
}
