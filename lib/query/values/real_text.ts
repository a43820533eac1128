/** SQLite's text of a REAL: up to 17 digits, fewer where those mean the same number, and always with a point. */
export function realText(x: number): string {
  if (x === 0) return "0.0";
  const size = Math.abs(x);
  if (size >= 1e-4 && size < 1e15) {
    // Up to 13 digits, SQLite's digits are the shortest ones, which are JavaScript's; unless the first is a 9: then the
    // distance to the next number can be seen in the 16th digit.
    const short = String(x);
    if (short.length <= 14 && !/^-?[0.]*9/.test(short)) return Number.isInteger(x) ? short + ".0" : short;
  }
  if (size === Infinity) return x < 0 ? "-Inf" : "Inf";
  const [digits, point] = decimal(size);
  const sign = x < 0 ? "-" : "";
  const exponent = point - 1;
  if (exponent < -4 || exponent > 16) {
    const tail = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits[0]}.${digits.slice(1) || "0"}e${exponent < 0 ? "-" : "+"}${tail}`;
  }
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (digits.length <= point) return `${sign}${digits.padEnd(point, "0")}.0`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The digits of a positive number, without zeros at the end, and where the point stands in them. */
function decimal(x: number): [digits: string, point: number] {
  const { digits, exponent } = eighteenDigits(x);
  const point = digits.length + exponent;
  const kept = Math.min(17, fewerDigits(x, digits, point));
  if (kept >= digits.length) return [withoutZeros(digits), point];
  let head = BigInt(digits.slice(0, kept));
  if (digits[kept] >= "5") head++;
  const rounded = head.toString();
  return [withoutZeros(rounded), point + rounded.length - kept];
}

function withoutZeros(digits: string): string {
  let end = digits.length;
  while (end > 1 && digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}

/** How many digits are enough, if a row of nines or zeros near the end shows that the number was written with fewer. */
function fewerDigits(x: number, digits: string, point: number): number {
  let head: string;
  let length: number;
  if (digits[14] === "9" && digits[15] === "9") {
    length = 14;
    while (length > 0 && digits[length - 1] === "9") length--;
    head = length === 0 ? "1" : (BigInt(digits.slice(0, length)) + 1n).toString();
  } else if (point >= digits.length || digits.startsWith("000", 13)) {
    length = 13;
    while (digits[length - 1] === "0") length--;
    head = digits.slice(0, length);
  } else return 17;
  return Number(`${head}e${point - length}`) === x ? length + 1 : 17;
}

const bits = new DataView(new ArrayBuffer(8));

/**
 * A positive number as some 18 digits times a power of ten, as SQLite has them: of a product of 64 bits with the upper 64 bits
 * of the power, so the last digit is not always that of the exact number.
 */
function eighteenDigits(x: number): { digits: string; exponent: number } {
  bits.setFloat64(0, x);
  const raw = bits.getBigUint64(0);
  let mantissa = raw & 0xfffffffffffffn;
  let exponent = Number(raw >> 52n);
  if (exponent === 0) {
    const shift = 64 - mantissa.toString(2).length;
    mantissa <<= BigInt(shift);
    exponent = -1074 - shift;
  } else {
    mantissa = (mantissa << 11n) | (1n << 63n);
    exponent -= 1086;
  }
  const power = 17 - (((exponent + 63) * 78913) >> 18);
  const shift = -(exponent + binaryExponent(power) + 2);
  const high = ((mantissa * powerOfTen(power)) >> 64n) >> BigInt(shift);
  return { digits: ((high + (high & 1n) * 2n) >> 1n).toString(), exponent: -power };
}

/** floor(log2(10^power)) */
function binaryExponent(power: number): number {
  return (power * 108853) >> 15;
}

const powers = new Map<number, bigint>();

/** The upper 64 bits of a power of ten. */
function powerOfTen(power: number): bigint {
  let value = powers.get(power);
  if (value === undefined) {
    const shift = 63 - binaryExponent(power);
    if (power >= 0) value = shift >= 0 ? 10n ** BigInt(power) << BigInt(shift) : 10n ** BigInt(power) >> BigInt(-shift);
    else value = (1n << BigInt(shift)) / 10n ** BigInt(-power);
    powers.set(power, value);
  }
  return value;
}

/** A number to so many places behind the point, as `round` has it: halves of the decimal digits go away from zero. */
export function roundReal(x: number, places: number): number {
  const size = Math.abs(x);
  if (size > 2 ** 52 || size === 0) return x + 0;
  if (places === 0) return x < 0 ? Math.ceil(x - 0.5) + 0 : Math.floor(x + 0.5);
  const power = 10 ** places;
  const scaled = size * power;
  if (places <= 15 && scaled < 1e9) {
    const whole = Math.floor(scaled);
    const part = scaled - whole;
    // Not near a half, where the exact digits decide.
    if (Math.abs(part - 0.5) > 1e-6) return signed(x, (part > 0.5 ? whole + 1 : whole) / power);
  }
  const { digits, exponent } = eighteenDigits(size);
  const point = digits.length + exponent;
  let kept = point + places;
  if (kept < 0) return 0;
  if (kept === 0) return signed(x, digits[0] >= "5" ? Number(`1e${-places}`) : 0);
  if (kept >= digits.length) return Number(`${x < 0 ? "-" : ""}${digits}e${exponent}`);
  if (kept === 17) kept = fewerDigits(size, digits, point);
  let head = BigInt(digits.slice(0, kept));
  if (digits[kept] >= "5") head++;
  return signed(x, Number(`${head}e${point - kept}`));
}

function signed(x: number, size: number): number {
  return x < 0 && size !== 0 ? -size : size;
}
