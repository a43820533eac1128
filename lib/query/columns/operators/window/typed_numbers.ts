import type { Vector } from "../../../vectors/vector.ts";

/** Numbers of which some are REAL and the others INTEGER; NaN is NULL. */
export function numbersWithTypes(data: Float64Array, isReal: Uint8Array): Vector {
  let integers = 0;
  let reals = 0;
  let wholeReals = 0;
  for (let row = 0; row < data.length; row++) {
    if (data[row] !== data[row]) continue;
    if (isReal[row] === 0) integers++;
    else {
      reals++;
      if (Number.isSafeInteger(data[row])) wholeReals++;
    }
  }
  if (integers === 0) return { kind: "number", type: "real", data };
  if (reals === 0) return { kind: "number", type: "integer", data };
  if (wholeReals === 0) return { kind: "number", type: "numeric", data };
  const values = Array.from(data, (x, row) => x !== x ? null : isReal[row] === 0 ? BigInt(x) : x);
  return { kind: "any", values };
}
