import { HttpError } from "../http/http_error.ts";

/** How much may be done at the same time. */
export interface QueueLimits {
  /** Of all. Default: as much as `each` allows. */
  readonly all?: number;
  /** Of one name. */
  readonly each: number;
  /** Further ones of one name that wait; what comes beyond is refused. */
  readonly waiting: number;
}

/** One that waits. */
interface Waiter {
  readonly enter: () => void;
}

/**
 * Lets so much in at the same time, of all and of each name. The names take turns, so that one that asks for much makes only
 * itself wait.
 */
export class FairQueue {
  readonly #active = new Map<string, number>();
  /** Those that wait, by name, in the order of their next turns. */
  readonly #waiting = new Map<string, Waiter[]>();
  #all = 0;

  constructor(readonly limits: QueueLimits) {}

  /**
   * Waits for a place; what it gives, called once or again, gives the place back. Rejects with a refusal where too many of
   * this name wait, and with the signal's reason when that aborts.
   */
  async enter(name: string, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#hasRoom(name)) return this.#taken(name);
    const own = this.#waiting.get(name) ?? [];
    if (own.length >= this.limits.waiting) {
      throw new HttpError(429, "too many of your requests are waiting", { "retry-after": "2" });
    }
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    const waiter: Waiter = { enter: () => resolve(this.#taken(name)) };
    own.push(waiter);
    this.#waiting.set(name, own);
    const leave = () => {
      this.#forget(name, waiter);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", leave, { once: true });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }

  #hasRoom(name: string): boolean {
    const { all = Infinity, each } = this.limits;
    return this.#all < all && (this.#active.get(name) ?? 0) < each;
  }

  #taken(name: string): () => void {
    this.#all++;
    this.#active.set(name, (this.#active.get(name) ?? 0) + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#all--;
      const left = this.#active.get(name)! - 1;
      if (left === 0) this.#active.delete(name);
      else this.#active.set(name, left);
      this.#admit();
    };
  }

  #admit(): void {
    for (const [name, own] of [...this.#waiting]) {
      if (!this.#hasRoom(name)) continue;
      const [next] = own;
      this.#forget(name, next);
      // Its further ones come after the others.
      if (own.length > 0) {
        this.#waiting.delete(name);
        this.#waiting.set(name, own);
      }
      next.enter();
    }
  }

  #forget(name: string, waiter: Waiter): void {
    const own = this.#waiting.get(name);
    const at = own?.indexOf(waiter) ?? -1;
    if (own === undefined || at < 0) return;
    own.splice(at, 1);
    if (own.length === 0) this.#waiting.delete(name);
  }
}
