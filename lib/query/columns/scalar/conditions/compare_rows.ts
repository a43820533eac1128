import type { CompareOperator } from "../../../plan/plan.ts";

/** The rows whose numbers compare with one that is not NULL as an operator says; of the rows that are given, if they are. */
export function rowsCompared(
  op: CompareOperator,
  data: Float64Array,
  than: number,
  count: number,
  rows: Int32Array | undefined,
): Int32Array {
  return rows === undefined ? allCompared(op, data, than, count) : someCompared(op, data, than, rows);
}

function allCompared(op: CompareOperator, data: Float64Array, than: number, count: number): Int32Array {
  const found = new Int32Array(count);
  let size = 0;
  // Without branches: each row is written, and stays if the next does not take its place.
  switch (op) {
    case "<":
      for (let row = 0; row < count; row++) {
        found[size] = row;
        size += +(data[row] < than);
      }
      break;
    case "<=":
      for (let row = 0; row < count; row++) {
        found[size] = row;
        size += +(data[row] <= than);
      }
      break;
    case ">":
      for (let row = 0; row < count; row++) {
        found[size] = row;
        size += +(data[row] > than);
      }
      break;
    case ">=":
      for (let row = 0; row < count; row++) {
        found[size] = row;
        size += +(data[row] >= than);
      }
      break;
    case "=":
    case "is":
      for (let row = 0; row < count; row++) {
        found[size] = row;
        size += +(data[row] === than);
      }
      break;
    case "<>":
      for (let row = 0; row < count; row++) {
        found[size] = row;
        size += +(data[row] !== than) - +(data[row] !== data[row]);
      }
      break;
    case "is not":
      for (let row = 0; row < count; row++) {
        found[size] = row;
        size += +(data[row] !== than);
      }
      break;
  }
  return found.subarray(0, size);
}

function someCompared(op: CompareOperator, data: Float64Array, than: number, rows: Int32Array): Int32Array {
  const found = new Int32Array(rows.length);
  let size = 0;
  switch (op) {
    case "<":
      for (let at = 0; at < rows.length; at++) {
        const row = rows[at];
        found[size] = row;
        size += +(data[row] < than);
      }
      break;
    case "<=":
      for (let at = 0; at < rows.length; at++) {
        const row = rows[at];
        found[size] = row;
        size += +(data[row] <= than);
      }
      break;
    case ">":
      for (let at = 0; at < rows.length; at++) {
        const row = rows[at];
        found[size] = row;
        size += +(data[row] > than);
      }
      break;
    case ">=":
      for (let at = 0; at < rows.length; at++) {
        const row = rows[at];
        found[size] = row;
        size += +(data[row] >= than);
      }
      break;
    case "=":
    case "is":
      for (let at = 0; at < rows.length; at++) {
        const row = rows[at];
        found[size] = row;
        size += +(data[row] === than);
      }
      break;
    case "<>":
      for (let at = 0; at < rows.length; at++) {
        const row = rows[at];
        found[size] = row;
        size += +(data[row] !== than) - +(data[row] !== data[row]);
      }
      break;
    case "is not":
      for (let at = 0; at < rows.length; at++) {
        const row = rows[at];
        found[size] = row;
        size += +(data[row] !== than);
      }
      break;
  }
  return found.subarray(0, size);
}
