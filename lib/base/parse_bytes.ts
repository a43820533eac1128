/** A number of bytes such as `500k`, `2M`, `10G` or `1T` (powers of 1024); otherwise undefined. */
export function parseBytes(word: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kKmMgGtT]?)(?:i?[bB])?$/.exec(word);
  if (match === null) return undefined;
  return Math.floor(Number(match[1]) * 1024 ** ["", "k", "m", "g", "t"].indexOf(match[2].toLowerCase()));
}
