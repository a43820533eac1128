import type { Batch, Vector } from "../vectors/vector.ts";
import type { QueryValue } from "../result/answer.ts";
import type { Value } from "../values/value.ts";

/** A column as it is shown, row by row. */
type Shown = ArrayLike<QueryValue>;

/** Rows of a batch as an answer gives them: whole numbers as bigint only where a double does not hold them. */
export function rowsOfBatch(
  { count, columns }: Batch,
  showsNaN: readonly boolean[],
  from = 0,
  to: number = count,
): QueryValue[][] {
  return rowsOfColumns(columns.map((vector, at) => shownOf(vector, showsNaN[at] ? NaN : null, from, to)), to - from);
}

/** A value as an answer gives it. */
export function toQueryValue(value: Value): QueryValue {
  if (typeof value !== "bigint") return value;
  return BigInt.asIntN(54, value) === value ? Number(value) : value;
}

/** Some values of a column as an answer shows them. */
export function shownOf(vector: Vector, missing: null | number, from: number, to: number): Shown {
  const shown = (value: Value) => value === null ? missing : toQueryValue(value);
  switch (vector.kind) {
    case "constant":
      return new Array<QueryValue>(to - from).fill(shown(vector.value));
    case "number": {
      const data = vector.data.subarray(from, to);
      return missing === null && hasNaN(data) ? Array.from(data, (value) => value === value ? value : null) : data;
    }
    case "text": {
      const { words } = vector;
      const codes = vector.codes.subarray(from, to);
      const texts = new Array<QueryValue>(codes.length);
      for (let row = 0; row < codes.length; row++) texts[row] = codes[row] < 0 ? missing : words[codes[row]];
      return texts;
    }
    case "any":
      return vector.values.slice(from, to).map(shown);
  }
}

function hasNaN(data: Float64Array): boolean {
  for (let row = 0; row < data.length; row++) if (data[row] !== data[row]) return true;
  return false;
}

/** A literal for each of the usual widths: an array that is made whole is several times as fast as one that is filled. */
function rowsOfColumns(columns: readonly Shown[], count: number): QueryValue[][] {
  const [a, b, c, d, e] = columns;
  const rows = new Array<QueryValue[]>(count);
  switch (columns.length) {
    case 1:
      for (let row = 0; row < count; row++) rows[row] = [a[row]];
      break;
    case 2:
      for (let row = 0; row < count; row++) rows[row] = [a[row], b[row]];
      break;
    case 3:
      for (let row = 0; row < count; row++) rows[row] = [a[row], b[row], c[row]];
      break;
    case 4:
      for (let row = 0; row < count; row++) rows[row] = [a[row], b[row], c[row], d[row]];
      break;
    case 5:
      for (let row = 0; row < count; row++) rows[row] = [a[row], b[row], c[row], d[row], e[row]];
      break;
    default:
      for (let row = 0; row < count; row++) {
        const values = new Array<QueryValue>(columns.length);
        for (let at = 0; at < columns.length; at++) values[at] = columns[at][row];
        rows[row] = values;
      }
  }
  return rows;
}
