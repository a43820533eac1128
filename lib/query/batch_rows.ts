import type { Batch, Vector } from "./columns/vector.ts";
import type { QueryValue } from "./result/answer.ts";
import type { Value } from "./result/value.ts";

/** The rows of a batch as an answer gives them: whole numbers as bigint only where a double does not hold them. */
export function* rowsOfBatch({ count, columns }: Batch, showsNaN: readonly boolean[]): Generator<QueryValue[]> {
  const read = columns.map((vector, at) => reader(vector, showsNaN[at] ? NaN : null));
  for (let row = 0; row < count; row++) yield read.map((value) => value(row));
}

/** A value as an answer gives it. */
export function queryValueOf(value: Value): QueryValue {
  if (typeof value !== "bigint") return value;
  return BigInt.asIntN(54, value) === value ? Number(value) : value;
}

function reader(vector: Vector, missing: null | number): (row: number) => QueryValue {
  const shown = (value: Value) => value === null ? missing : queryValueOf(value);
  switch (vector.kind) {
    case "constant": {
      const value = shown(vector.value);
      return () => value;
    }
    case "number": {
      const { data } = vector;
      return (row) => data[row] === data[row] ? data[row] : missing;
    }
    case "text": {
      const { codes, words } = vector;
      return (row) => codes[row] < 0 ? missing : words[codes[row]];
    }
    case "any": {
      const { values } = vector;
      return (row) => shown(values[row]);
    }
  }
}
