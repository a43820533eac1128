import type { Batch } from "../../vectors/vector.ts";

/** All rows of the inputs, one input after the other. */
export async function* concat(inputs: readonly AsyncIterable<Batch>[]): AsyncIterable<Batch> {
  for (const input of inputs) yield* input;
}
