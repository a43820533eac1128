/**
 * Where the number that `scanNumber` read last ends, or -1 where there was none. A module's variable, because a pair
 * as result would be an allocation for each number of a log.
 */
export let numberEnd = -1;

/** Powers of ten that a double holds exactly, and each in two halves of 26 bits for exact products. */
const POWERS = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));
const POWERS_HIGH = POWERS.map(highHalf);

function highHalf(x: number): number {
  const scaled = 134217729 * x;
  return scaled - (scaled - x);
}

/**
 * The number of JSON's grammar that starts at an offset, correctly rounded, as `JSON.parse` gives it. Sets
 * {@linkcode numberEnd}. Something else than a digit must follow in the bytes.
 *
 * Up to 15 digits and a power of ten up to 22 are one exact division (Clinger, How to read floating point numbers
 * accurately, 1990); up to 18 digits are a division in double-double arithmetic (Dekker, 1971), taken where its error
 * cannot change the rounding; what is left goes to the runtime.
 */
export function scanNumber(bytes: Uint8Array, start: number): number {
  let at = start;
  let byte = bytes[at];
  const negative = byte === 45;
  if (negative) byte = bytes[++at];
  // The first nine digits and the next nine.
  let high = 0;
  let low = 0;
  let highDigits = 0;
  let lowDigits = 0;
  let exponent = 0;
  if (byte === 48) byte = bytes[++at];
  else {
    if (byte < 49 || byte > 57 || byte === undefined) return none();
    while (highDigits < 9 && byte <= 57 && byte >= 48) {
      high = (Math.imul(high, 10) + byte - 48) | 0;
      highDigits++;
      byte = bytes[++at];
    }
    while (lowDigits < 9 && byte <= 57 && byte >= 48) {
      low = (Math.imul(low, 10) + byte - 48) | 0;
      lowDigits++;
      byte = bytes[++at];
    }
    if (byte <= 57 && byte >= 48) return long(bytes, start, at);
  }
  if (byte === 46) {
    const point = ++at;
    byte = bytes[at];
    if (highDigits === 0) { while (byte === 48) byte = bytes[++at]; }
    while (highDigits < 9 && byte <= 57 && byte >= 48) {
      high = (Math.imul(high, 10) + byte - 48) | 0;
      highDigits++;
      byte = bytes[++at];
    }
    while (lowDigits < 9 && byte <= 57 && byte >= 48) {
      low = (Math.imul(low, 10) + byte - 48) | 0;
      lowDigits++;
      byte = bytes[++at];
    }
    if (byte <= 57 && byte >= 48) return long(bytes, start, at);
    if (at === point) return none();
    exponent = point - at;
  }
  if (byte === 101 || byte === 69) {
    byte = bytes[++at];
    const sign = byte;
    if (sign === 43 || sign === 45) byte = bytes[++at];
    const from = at;
    let written = 0;
    while (byte >= 48 && byte <= 57) {
      if (written < 10000) written = written * 10 + byte - 48;
      byte = bytes[++at];
    }
    if (at === from) return none();
    exponent += sign === 45 ? -written : written;
  }
  numberEnd = at;
  if (exponent < -22 || exponent > 22) {
    return high === 0 ? (negative ? -0 : 0) : slow(bytes, start, at);
  }
  let value: number;
  if (lowDigits === 0) {
    value = exponent < 0 ? high / POWERS[-exponent] : high * POWERS[exponent];
  } else if (lowDigits <= 6) {
    const whole = high * POWERS[lowDigits] + low;
    value = exponent < 0 ? whole / POWERS[-exponent] : whole * POWERS[exponent];
  } else {
    if (exponent > 0) return slow(bytes, start, at);
    // high · 10^9 has 51 significant bits at most: its division leaves a remainder that is known exactly.
    const whole = high * POWERS[lowDigits];
    const power = POWERS[-exponent];
    const quotient = whole / power;
    const product = quotient * power;
    const scaled = 134217729 * quotient;
    const top = scaled - (scaled - quotient);
    const bottom = quotient - top;
    const topPower = POWERS_HIGH[-exponent];
    const bottomPower = power - topPower;
    const lost = bottom * bottomPower - (product - top * topPower - bottom * topPower - top * bottomPower);
    const small = low / power;
    const rest = (whole - product - lost) / power + small;
    const doubt = small * 2 ** -48;
    value = quotient + (rest - doubt);
    if (value !== quotient + (rest + doubt)) return slow(bytes, start, at);
  }
  return negative ? -value : value;
}

function none(): number {
  numberEnd = -1;
  return 0;
}

/** A number of more digits than fit, from where the first that does not fit stands. */
function long(bytes: Uint8Array, start: number, from: number): number {
  let at = from;
  const digits = () => {
    const before = at;
    while (bytes[at] >= 48 && bytes[at] <= 57) at++;
    return at > before;
  };
  digits();
  if (bytes[at] === 46 && bytes.subarray(start, at).indexOf(46) < 0) {
    at++;
    if (!digits()) return none();
  }
  if (bytes[at] === 101 || bytes[at] === 69) {
    at++;
    if (bytes[at] === 43 || bytes[at] === 45) at++;
    if (!digits()) return none();
  }
  numberEnd = at;
  return slow(bytes, start, at);
}

function slow(bytes: Uint8Array, start: number, end: number): number {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]);
  return Number(text);
}
