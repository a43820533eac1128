import { VectorBuilder } from "./vector_builder.ts";
import type { Batch, Vector } from "./vector.ts";

/** All rows of some batches of one width as one batch. */
export function concatenateBatches(batches: readonly Batch[], width: number): Batch {
  const counts = batches.map(({ count }) => count);
  const columns = Array.from(
    { length: width },
    (_, column) => concatenate(batches.map(({ columns }) => columns[column]), counts),
  );
  return { count: counts.reduce((sum, count) => sum + count, 0), columns };
}

/** Vectors one behind the other, of so many rows each. Those that are one constant stay that. */
export function concatenate(parts: readonly Vector[], counts: readonly number[]): Vector {
  if (parts.length === 1 || areOneConstant(parts)) return parts[0];
  const collector = new VectorBuilder();
  parts.forEach((part, at) => collector.add(part, counts[at]));
  return collector.finish();
}

/** The rows of a long vector, and few others behind them. */
export function append(vector: Vector, count: number, others: Vector, more: number): Vector {
  if (vector.kind !== "text" || others.kind !== "text") return concatenate([vector, others], [count, more]);
  // Which words are the same is not looked for: a word may stand more than once.
  const codes = new Int32Array(count + more);
  codes.set(vector.codes.subarray(0, count));
  const { length } = vector.words;
  for (let row = 0; row < more; row++) codes[count + row] = others.codes[row] < 0 ? -1 : others.codes[row] + length;
  return { kind: "text", codes, words: vector.words.concat(others.words) };
}

function areOneConstant(parts: readonly Vector[]): boolean {
  const first = parts.at(0);
  return first?.kind === "constant" &&
    parts.every((part) => part.kind === "constant" && Object.is(part.value, first.value));
}
