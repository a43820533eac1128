/** Powers of ten from 10^-MAX_POWER to 10^MAX_POWER are known to the kernel. */
export const MAX_POWER = 120;

/**
 * The first 128 bits of each 5^q, normalized: those of 10^q but for its exponent (Lemire, Number parsing at a gigabyte per
 * second, 2021, section 5). Reciprocals are rounded up where that makes products exact, else down.
 */
export function powersOfFive(): BigUint64Array {
  const words = new BigUint64Array((2 * MAX_POWER + 1) * 2);
  for (let q = -MAX_POWER; q <= MAX_POWER; q++) {
    const bits = q < 0 ? reciprocal(-q) : normalized(5n ** BigInt(q));
    const at = (q + MAX_POWER) * 2;
    words[at] = bits >> 64n;
    words[at + 1] = BigInt.asUintN(64, bits);
  }
  return words;
}

function reciprocal(q: number): bigint {
  const power = 5n ** BigInt(q);
  const length = BigInt((power - 1n).toString(2).length);
  const shift = q <= 27 ? length + 127n : 2n * length + 128n;
  return normalized((1n << shift) / power + 1n);
}

/** The same with its highest bit at place 127. */
function normalized(value: bigint): bigint {
  const length = value.toString(2).length;
  return length <= 128 ? value << BigInt(128 - length) : value >> BigInt(length - 128);
}
