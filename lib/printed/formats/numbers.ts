/** A number as programs print it, with thousands separated by commas or not, `nan`, `inf`. */
export const NUMBER = String
  .raw`[+-]?(?:\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+\.?\d*|\.\d+|nan|inf(?:inity)?)(?:(?<=[\d.])[eE][+-]?\d+)?`;

/**
 * What must not follow a number, as it is then part of something else: a unit, a version, an address, a date, a time, a
 * path, an identifier.
 */
export const BOUNDARY = String.raw`(?![\w\p{L}]|\.\w|[:/-]\w|:/|/)`;

/** The value of a text; undefined where it is not a number. */
export function toNumber(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  if (/^[+-]?nan$/.test(word)) return NaN;
  if (/^[+-]?inf(inity)?$/.test(word)) return word.startsWith("-") ? -Infinity : Infinity;
  if (!/^[+-]?(\d|\.\d)/.test(word)) return undefined;
  const isGrouped = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?(e[+-]?\d+)?$/.test(word);
  const value = Number(isGrouped ? word.replaceAll(",", "") : word);
  return Number.isNaN(value) || /^[+-]?0[xbo]/.test(word) ? undefined : value;
}

/** The value of a text that may end in a percent sign: `91%` is 0.91. */
export function toRatio(text: string): number | undefined {
  const percent = /^(.*?)\s?%$/.exec(text.trim());
  const value = toNumber(percent === null ? text : percent[1]);
  return value !== undefined && percent !== null ? value / 100 : value;
}
