/** A text read as a number, as far as it goes. */
export interface NumberText {
  /** What its longest prefix that is a number means; 0n if there is none. */
  readonly value: bigint | number;
  /** Whether it is a number from end to end, spaces aside. */
  readonly whole: boolean;
}

const NUMBER = /^[ \t\n\v\f\r]*([+-]?)(?:(\d+)(\.\d*)?|(\.\d+))([eE][+-]?\d+)?/;
const SPACES = /^[ \t\n\v\f\r]*$/;

export const MIN_INTEGER = -(2n ** 63n);
export const MAX_INTEGER = 2n ** 63n - 1n;

/** Reads a text as SQLite does. A text ends where U+0000 stands. */
export function readNumber(text: string): NumberText {
  const first = text.charCodeAt(0);
  // A letter, which is what most texts begin with.
  if (first >= 65) return NOT_A_NUMBER;
  const match = NUMBER.exec(text);
  if (match === null) return NOT_A_NUMBER;
  const [all, sign, digits, fraction, bare, exponent] = match;
  let rest = text.slice(all.length);
  if (rest !== "") {
    const end = rest.indexOf("\0");
    if (end >= 0) rest = rest.slice(0, end);
  }
  const whole = rest === "" || SPACES.test(rest);
  if (digits !== undefined && fraction === undefined && exponent === undefined) {
    if (digits.length < 16) return { value: BigInt(sign + digits), whole };
    const integer = BigInt(digits) * (sign === "-" ? -1n : 1n);
    if (integer >= MIN_INTEGER && integer <= MAX_INTEGER) return { value: integer, whole };
  }
  const size = toReal(digits ?? "", (fraction ?? bare ?? ".").slice(1), Number(exponent?.slice(1) ?? 0));
  return { value: sign === "-" ? -size : size, whole };
}

const NOT_A_NUMBER: NumberText = { value: 0n, whole: false };

/** The last number of 64 bits, without a sign, that SQLite adds one more digit to. */
const FULL = (2n ** 64n - 1n - 9n) / 10n;

/** SQLite looks at the first 19 or 20 digits only. */
function toReal(digits: string, fraction: string, exponent: number): number {
  const places = Math.max(-10_000, Math.min(10_000, exponent));
  if (digits.length + fraction.length <= 18) return Number(`${digits}${fraction}e${places - fraction.length}`);
  let head = 0n;
  let scale = places;
  let isFull = false;
  for (const digit of digits) {
    if (isFull) scale++;
    else {
      head = head * 10n + BigInt(digit);
      isFull = head >= FULL;
    }
  }
  for (const digit of fraction) {
    if (head >= FULL) break;
    head = head * 10n + BigInt(digit);
    scale--;
  }
  return Number(`${head}e${scale}`);
}

/** The whole number that a text begins with, held within 64 bits; 0 without one. An exponent does not count. */
export function readInteger(text: string): bigint {
  const match = /^[ \t\n\v\f\r]*([+-]?\d+)/.exec(text);
  if (match === null) return 0n;
  const sign = match[1][0] === "-";
  const size = BigInt(match[1].replace(/^[+-]/, ""));
  if (sign) return size > -MIN_INTEGER ? MIN_INTEGER : -size;
  return size > MAX_INTEGER ? MAX_INTEGER : size;
}
