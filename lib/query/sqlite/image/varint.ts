/** How many bytes a number takes as a varint of SQLite's file format, where it is below 2^53. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Writes a varint of at most eight bytes: seven bits in each, the highest first. Returns where it ends. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  if (value < 128) {
    bytes[at] = value;
    return at + 1;
  }
  const end = at + varintLength(value);
  let rest = value;
  for (let to = end - 1; to >= at; to--) {
    bytes[to] = rest % 128 | (to === end - 1 ? 0 : 128);
    rest = Math.floor(rest / 128);
  }
  return end;
}
