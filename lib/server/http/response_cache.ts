import { CLOCK_TICK_MS } from "../../fs/files/timestamps.ts";
import { LruCache } from "../../base/lru_cache.ts";
import type { LocalStore } from "../../store/local/local_store.ts";

/** So many answers are remembered. */
const MAX_RESPONSES = 4096;

/** Milliseconds for which what was just looked at is not looked at again. */
const TRUST_MS = 10;

/** An answer and what it was made of. */
export interface Kept {
  readonly text: string;
  readonly etag: string;
  /** Files and folders with their times and lengths. */
  readonly of: readonly (readonly [path: string, stamp: string])[];
}

/** Remembers answers for as long as the files and folders that they are made of stay as they are. */
export class ResponseCache {
  readonly #kept = new LruCache<string, Kept>(MAX_RESPONSES);
  readonly #lookedAt = new LruCache<string, number>(MAX_RESPONSES);

  constructor(readonly store: LocalStore, readonly now: () => number = Date.now) {}

  /** The answer, if nothing that it is made of has changed; `trusted`: without a look. */
  get(key: string, trusted = false): Kept | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined || trusted) return kept;
    for (const [path, stamp] of kept.of) {
      if (this.#stamp(path) === stamp) continue;
      this.#kept.delete(key);
      return undefined;
    }
    return kept;
  }

  /** The stamps of names, to be taken before what is in them is read. */
  stamps(names: readonly string[]): readonly (readonly [string, string])[] {
    return names.map((name) => {
      const path = this.store.path(name);
      return [path, this.#stamp(path)] as const;
    });
  }

  /** The answer, where a look within the last 10 ms says that it is still true. */
  recent(key: string, now: number): Kept | undefined {
    return this.isFresh(key, now) ? this.get(key, true) : undefined;
  }

  /** Whether an answer is still true, as far as a look within the last 10 ms shows. */
  isFresh(key: string, now: number): boolean {
    const at = this.#lookedAt.get(key);
    if (at !== undefined && now - at < TRUST_MS) return true;
    if (this.get(key) === undefined) {
      this.#lookedAt.delete(key);
      return false;
    }
    this.#lookedAt.set(key, now);
    return true;
  }

  /** Something was written: every answer is looked at again. */
  changed(): void {
    this.#lookedAt.clear();
  }

  keep(key: string, kept: Kept): void {
    if (kept.of.some(([, stamp]) => this.now() - Number(stamp.split(" ")[0]) < CLOCK_TICK_MS)) return;
    this.#kept.set(key, kept);
  }

  #stamp(path: string): string {
    try {
      const { mtime, size } = Deno.lstatSync(path);
      return `${mtime?.getTime()} ${size}`;
    } catch {
      return "-";
    }
  }
}
