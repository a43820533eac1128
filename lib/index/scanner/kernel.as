// AssemblyScript (assemblyscript.org), a subset of TypeScript for WebAssembly: `scripts/scanner/build_scanner.ts` compiles it into
// kernel_bytes.ts. It matches lines of one shape as bytes, as `matchTemplate` does, and is exact: a line that it
// cannot read exactly does not match.
//
// Memory, laid out by line_scanner.ts: for each q from -MOST_POWER to MOST_POWER the 128 bits of 10^q, higher half first
// (see powers.ts), then 10^0 to 10^22 as doubles; then templates, the lines, and what was found.

const MOST_POWER: i32 = 120;
const POWERS: usize = 0x10000;
const DOUBLES: usize = POWERS + (2 * MOST_POWER + 1) * 16;

/** Kinds of slots, as in template.ts. */
const COORDINATE: u8 = 2;
const TEXT: u8 = 3;
const WORD: u8 = 4;

/** Where the first line that does not match starts. */
export let position: i32 = 0;
/** Whether a coordinate started with zeros. */
export let isPadded: bool = false;

/** Where a number ends; -1: it cannot be read here. */
let numberEnd: i32 = -1;

/**
 * Matches lines from an offset to another, at most `most` of them; how many did.
 *
 * A template is: how many slots, how many bytes, where the bytes before each slot end, the kinds of the slots (one byte
 * each, filled up to a multiple of four), the bytes.
 * What is found: of line i its offset at offsets[i]; of slot s at values[s * most + i] a number, or of a text two i32, where
 * it starts and ends, and its hash at hashes[s * most + i].
 */
export function scan(from: i32, end: i32, template: usize, most: i32, offsets: usize, values: usize, hashes: usize): i32 {
  let at = from;
  let line = 0;
  isPadded = false;
  while (line < most && at < end) {
    const next = match(at, template, most, line, values, hashes);
    if (next < 0) break;
    store<i32>(offsets + (line << 2), at);
    at = next;
    line++;
  }
  position = at;
  return line;
}

function match(start: i32, template: usize, most: i32, line: i32, values: usize, hashes: usize): i32 {
  const slots = load<i32>(template);
  const length = load<i32>(template, 4);
  const ends = template + 8;
  const kinds = ends + (slots << 2);
  const bytes = kinds + ((slots + 3) & ~3);
  let at = start;
  let done = 0;
  for (let slot = 0; slot < slots; slot++) {
    const end = load<i32>(ends + (slot << 2));
    if (!isEqual(at, bytes + done, end - done)) return -1;
    at += end - done;
    done = end;
    const kind = load<u8>(kinds + slot);
    const place = slot * most + line;
    const value = values + (place << 3);
    if (kind < COORDINATE) {
      const number = scanNumber(at);
      if (numberEnd < 0) return -1;
      at = numberEnd;
      store<f64>(value, number);
    } else if (kind == COORDINATE) {
      const first = at;
      let number: i64 = 0;
      let digit: u32 = load<u8>(at) - 48;
      while (digit < 10) {
        number = number * 10 + digit;
        digit = <u32>load<u8>(++at) - 48;
      }
      if (at == first || at > first + 15) return -1;
      if (at > first + 1 && load<u8>(first) == 48) isPadded = true;
      store<f64>(value, <f64>number);
    } else if (kind == TEXT) {
      store<i32>(value, at);
      let hash: i32 = <i32>0x811c9dc5;
      let letter: u32 = load<u8>(at);
      while (letter != 34) {
        if (letter < 32 || letter == 92 || letter > 126) return -1;
        hash = (hash ^ letter) * 0x01000193;
        letter = load<u8>(++at);
      }
      store<i32>(value, at, 4);
      store<i32>(hashes + (place << 2), hash);
    } else {
      const word = load<u32>(at);
      // The codes of word_table.ts.
      if (word == 0x65757274) {
        at += 4;
        store<i32>(value, 2);
      } else if (word == 0x6c6c756e) {
        at += 4;
        store<i32>(value, 0);
      } else if (word == 0x736c6166 && load<u8>(at, 4) == 101) {
        at += 5;
        store<i32>(value, 1);
      } else return -1;
      store<i32>(value, -1, 4);
    }
  }
  if (!isEqual(at, bytes + done, length - done)) return -1;
  at += length - done;
  return load<u8>(at) == 10 ? at + 1 : -1;
}

/** Compares eight bytes at once; behind what is compared there must be seven more on either side. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function isEqual(a: usize, b: usize, length: i32): bool {
  while (length >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    length -= 8;
  }
  if (length <= 0) return true;
  return ((load<u64>(a) ^ load<u64>(b)) << ((8 - length) << 3)) == 0;
}

/** A number of JSON of at most 19 digits, correctly rounded; sets `numberEnd`. */
function scanNumber(start: i32): f64 {
  let at = start;
  numberEnd = -1;
  const isNegative = load<u8>(at) == 45;
  if (isNegative) at++;
  let mantissa: u64 = 0;
  let digit: u32 = <u32>load<u8>(at) - 48;
  if (digit > 9) return 0;
  let first = at;
  if (digit == 0) {
    at++;
    first = at;
  } else {
    while (digit < 10) {
      mantissa = mantissa * 10 + digit;
      digit = <u32>load<u8>(++at) - 48;
    }
  }
  let digits = at - first;
  let power = 0;
  if (load<u8>(at) == 46) {
    const point = ++at;
    if (digits == 0) {
      while (load<u8>(at) == 48) at++;
      digits = point - at;
    }
    let block = load<u64>(at);
    while (isDigits(block)) {
      mantissa = mantissa * 100000000 + eightDigits(block);
      at += 8;
      block = load<u64>(at);
    }
    digit = <u32>load<u8>(at) - 48;
    while (digit < 10) {
      mantissa = mantissa * 10 + digit;
      digit = <u32>load<u8>(++at) - 48;
    }
    if (at == point) return 0;
    digits += at - point;
    power = point - at;
  }
  if (digits > 19) return 0;
  const mark: u32 = load<u8>(at);
  if (mark == 101 || mark == 69) {
    at++;
    const sign: u32 = load<u8>(at);
    if (sign == 43 || sign == 45) at++;
    const from = at;
    let written = 0;
    digit = <u32>load<u8>(at) - 48;
    while (digit < 10) {
      if (written < 10000) written = written * 10 + digit;
      digit = <u32>load<u8>(++at) - 48;
    }
    if (at == from) return 0;
    power += sign == 45 ? -written : written;
  }
  let value: f64 = 0;
  if (mantissa != 0) {
    if (mantissa <= 1 << 53 && power >= -22 && power <= 22) {
      value = <f64>mantissa;
      if (power < 0) value /= load<f64>(DOUBLES + (<usize>(-power) << 3));
      else value *= load<f64>(DOUBLES + (<usize>power << 3));
    } else {
      if (power < -MOST_POWER || power > MOST_POWER) return 0;
      value = scaled(mantissa, power);
      if (value < 0) return 0;
    }
  }
  numberEnd = at;
  return isNegative ? -value : value;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function isDigits(block: u64): bool {
  return (block & 0xf0f0f0f0f0f0f0f0) == 0x3030303030303030 &&
    ((block + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) == 0x3030303030303030;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function eightDigits(block: u64): u64 {
  block = ((block & 0x0f0f0f0f0f0f0f0f) * 2561) >> 8;
  block = ((block & 0x00ff00ff00ff00ff) * 6553601) >> 16;
  return ((block & 0x0000ffff0000ffff) * 42949672960001) >> 32;
}

/** The higher half of a product; the lower one is a * b. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function high(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  const other = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (other >> 32);
}

/**
 * mantissa * 10^power, rounded to the nearest double; -1 where that is not sure (Lemire, Number parsing at a gigabyte per
 * second, 2021). Powers are so small that no result is subnormal or infinite.
 */
function scaled(mantissa: u64, power: i32): f64 {
  const zeros = <i32>clz(mantissa);
  const w = mantissa << zeros;
  const entry = POWERS + (<usize>(power + MOST_POWER) << 4);
  const factor = load<u64>(entry);
  let low = w * factor;
  let upper = high(w, factor);
  if ((upper & 0x1ff) == 0x1ff) {
    const more = high(w, load<u64>(entry, 8));
    low += more;
    if (more > low) upper++;
  }
  if (low == 0xffffffffffffffff && (power < -27 || power > 55)) return -1;
  const top = <i32>(upper >> 63);
  let bits = upper >> (top + 9);
  let exponent = ((217706 * power) >> 16) + 63 + top - zeros + 1023;
  if (low <= 1 && power >= -4 && power <= 23 && (bits & 3) == 1 && bits << (top + 9) == upper) bits &= ~1;
  bits += bits & 1;
  bits >>= 1;
  if (bits >= <u64>1 << 53) {
    bits = <u64>1 << 52;
    exponent++;
  }
  bits &= ~(<u64>1 << 52);
  return reinterpret<f64>(bits | (<u64>exponent << 52));
}

/** Sixteen lanes of `checksum` (encoding.ts), at a place, over blocks of sixteen words. */
export function sum(from: usize, blocks: i32, lanes: usize): void {
  const factor = i32x4.splat(0x01000193);
  let a = v128.load(lanes);
  let b = v128.load(lanes, 16);
  let c = v128.load(lanes, 32);
  let d = v128.load(lanes, 48);
  for (let left = blocks; left > 0; left--) {
    a = v128.xor(i32x4.mul(a, factor), v128.load(from));
    b = v128.xor(i32x4.mul(b, factor), v128.load(from, 16));
    c = v128.xor(i32x4.mul(c, factor), v128.load(from, 32));
    d = v128.xor(i32x4.mul(d, factor), v128.load(from, 48));
    from += 64;
  }
  v128.store(lanes, a);
  v128.store(lanes, b, 16);
  v128.store(lanes, c, 32);
  v128.store(lanes, d, 48);
}
