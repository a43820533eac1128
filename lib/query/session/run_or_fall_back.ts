import { UnsupportedAtRuntime } from "../columns/fallback.ts";
import type { Batch } from "../vectors/vector.ts";

/** Values that are held at most before the first is given out: some 512 MB of numbers. */
const MAX_BUFFERED_VALUES = 64 * 1024 * 1024;

/** What the columns gave, or why SQLite has to run the query after all. */
export type ExecutionOutcome = { readonly kind: "batches"; readonly batches: readonly Batch[] } | {
  readonly kind: "fallback";
  readonly reason: string;
};

/**
 * Runs a plan to its end before the first row is given out: whatever the executor meets that it did not plan for, no row has
 * been seen yet, and SQLite's answer is the only one. This is the one place that catches {@linkcode UnsupportedAtRuntime}.
 *
 * Batches are columns, so that holding them costs little; an answer of more than `mostHeld` values is left to SQLite, which
 * gives its rows as it finds them.
 */
export async function runOrFallBack(
  batches: AsyncIterable<Batch>,
  mostHeld: number = MAX_BUFFERED_VALUES,
): Promise<ExecutionOutcome> {
  const held: Batch[] = [];
  let values = 0;
  try {
    for await (const batch of batches) {
      values += batch.count * Math.max(1, batch.columns.length);
      if (values > mostHeld) return { kind: "fallback", reason: "an answer too large for memory" };
      held.push(batch);
    }
  } catch (error) {
    if (error instanceof UnsupportedAtRuntime) return { kind: "fallback", reason: error.message };
    throw error;
  }
  return { kind: "batches", batches: held };
}
