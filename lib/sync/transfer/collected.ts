import { References } from "../../format/layout/object_references.ts";
import { referredBy } from "../../store/local/files/collected_objects.ts";
import type { BulkOptions, BulkStore, FileChunk, ReadRange } from "../../store/store.ts";
import type { Wanted } from "./plan.ts";

/** The objects among those that are wanted which a garbage collection removed from the target. */
export async function collectedAtTarget(
  target: BulkStore,
  wanted: ReadonlyMap<string, Wanted>,
  options: BulkOptions,
): Promise<ReadonlySet<string>> {
  const objects = [...wanted.values()].filter(({ kind }) => kind === "object").map(({ want }) => want.name);
  return objects.length === 0 ? new Set() : await target.collected?.(objects, options) ?? new Set();
}

/**
 * Gives what is wanted, but of the objects that were collected at the target only those which something that was given before
 * refers to.
 */
export class GivenWithout {
  readonly #references = new References();
  readonly #again = new Set<string>();

  constructor(readonly source: BulkStore, readonly collected: ReadonlySet<string>) {}

  async *give(order: readonly ReadRange[], options: BulkOptions): AsyncGenerator<readonly FileChunk[], void> {
    const plain = order.filter(({ name }) => !this.collected.has(name));
    for await (const batch of this.source.readMany(plain, options)) {
      for (const part of batch) {
        for (const name of referredBy(this.#references, part)) if (this.collected.has(name)) this.#again.add(name);
      }
      yield batch;
    }
    const again = order.filter(({ name }) => this.#again.has(name));
    if (again.length > 0) yield* this.source.readMany(again, options);
  }

  /** Whether an object is not given. To be asked when all else was. */
  isLeft(name: string): boolean {
    return this.collected.has(name) && !this.#again.has(name);
  }
}
