const FACTOR = 0x01000193;

/** Bytes that are taken at once. */
export const BLOCK = 64;

/** The lanes of `checksum` (encoding.ts) before the first block of some bytes. */
export function firstLanes(length: number): Int32Array {
  const lanes = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1, 1, 2, length, 3, 4, 5, 6, 7, 8, 9, 10];
  return Int32Array.from(lanes, (lane) => lane | 0);
}

/** That checksum by the lanes behind the last whole block of some bytes, and what stands behind that. */
export function lastLanes(lanes: Int32Array, rest: Uint8Array): number {
  let [a, b] = lanes;
  const words = rest.length >> 2;
  for (let i = 0; i < words; i++) {
    const word = rest[4 * i] | rest[4 * i + 1] << 8 | rest[4 * i + 2] << 16 | rest[4 * i + 3] << 24;
    a = (Math.imul(a, FACTOR) ^ word) | 0;
  }
  for (let at = words * 4; at < rest.length; at++) b = (Math.imul(b, FACTOR) ^ rest[at]) | 0;
  let sum = a;
  for (let at = 1; at < lanes.length; at++) {
    sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d) ^ (at === 1 ? b : lanes[at]);
  }
  return (sum ^ (sum >>> 13)) >>> 0;
}
