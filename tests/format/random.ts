import type { Json, JsonObject } from "../../lib/base/json.ts";
import { setOwn } from "../../lib/base/json.ts";

/** Random values from a seed, so that a failure can be repeated. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  text(): string {
    return Array.from({ length: this.below(8) }, () => this.pick(UNITS)).join("");
  }

  number(): number {
    return this.pick([
      () => this.below(100),
      () => -this.below(1e9),
      () => this.next(),
      () => (this.next() - 0.5) * 10 ** (this.below(600) - 300),
      () => this.pick([5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 2 ** 53, 1e21, 0.1 + 0.2]),
    ])();
  }

  /** JSON with numbers that JSON lacks, now and then. */
  value(depth = 4): unknown {
    const kind = this.below(depth > 0 ? 8 : 5);
    if (kind < 2) return this.number();
    if (kind === 2) return this.text();
    if (kind === 3) return this.pick([true, false, null]);
    if (kind === 4) return this.pick([NaN, Infinity, -Infinity]);
    if (kind === 5) return Array.from({ length: this.below(5) }, () => this.value(depth - 1));
    return this.object(depth - 1);
  }

  object(depth = 4): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (let i = this.below(6); i > 0; i--) setOwn(object, this.key(), this.value(depth));
    return object;
  }

  json(depth = 3): JsonObject {
    return JSON.parse(JSON.stringify(this.object(depth))) as Json as JsonObject;
  }

  key(): string {
    return this.below(4) === 0 ? this.pick(KEYS) : this.text();
  }
}

/** Read when the module loads: a test may have no permission to. */
const given = Deno.env.get("DBX_TEST_SEED");

/**
 * The seed of a test whose values are other ones each time. It is printed, and a failure comes back with it: `DBX_TEST_SEED`
 * in the environment.
 */
export function testSeed(): number {
  const seed = given === undefined ? crypto.getRandomValues(new Uint32Array(1))[0] >>> 1 : Number(given);
  console.log(`  DBX_TEST_SEED=${seed}`);
  return seed;
}

const UNITS = [
  "a",
  "B",
  "7",
  "_",
  ".",
  ":",
  "/",
  "\\",
  '"',
  "\n",
  "\r",
  "\0",
  "\u2028",
  "é",
  "日",
  "🚀",
  "\ud800",
  "\udfff",
];
const KEYS = ["__proto__", "constructor", "toString", "", "0", "12", "value", "step", "_event", "_ts", "a.b", "length"];
