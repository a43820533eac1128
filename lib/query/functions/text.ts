import type { Value } from "../values/value.ts";
import { toInteger, toText } from "../values/convert.ts";
import type { ScalarFunction } from "./function.ts";

/** Some functions of SQLite read a text up to U+0000 only. */
function untilNul(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

const PAIRS = /[\ud800-\udbff][\udc00-\udfff]/g;

/** How many characters a text has, where a pair of surrogates is one. */
function characters(text: string): number {
  const count = text.length;
  for (let i = 0; i < text.length; i++) {
    // Rare enough to be counted apart.
    if (text.charCodeAt(i) >= 0xd800) return count - (text.match(PAIRS)?.length ?? 0);
  }
  return count;
}

function length(value: Value): Value {
  if (value === null) return null;
  if (value instanceof Uint8Array) return BigInt(value.length);
  return BigInt(characters(untilNul(toText(value))));
}

/** Only the letters of ASCII. */
function withCase(pattern: RegExp, change: (letters: string) => string): (value: Value) => Value {
  return (value) => value === null ? null : toText(value).replace(pattern, change);
}

function substr(value: Value, start: Value, count: Value = MAX_COUNT): Value {
  if (value === null || start === null || count === null) return null;
  if (value instanceof Uint8Array) {
    // Bytes that are not there are NULL in C.
    if (value.length === 0) return null;
    const [from, to] = range(value.length, start, count);
    return value.slice(from, to);
  }
  const text = untilNul(toText(value));
  const size = characters(text);
  const [from, to] = range(size, start, count);
  if (size === text.length) return text.slice(from, to);
  return [...text].slice(from, to).join("");
}

/** As many characters as a text may have in SQLite, which without a count takes so many. */
const MAX_COUNT = 1_000_000_000n;

/** From 1, or from the end where negative; a negative count goes to the left of the start. Exact, as the ends may be anywhere. */
function range(length: number, start: Exclude<Value, null>, count: Exclude<Value, null>): [from: number, to: number] {
  const end = BigInt(length);
  let from = toInteger(start);
  let size = toInteger(count);
  const isLeft = size < 0n;
  if (isLeft) size = -size;
  if (from < 0n) {
    from += end;
    if (from < 0n) {
      size = size + from > 0n ? size + from : 0n;
      from = 0n;
    }
  } else if (from > 0n) from--;
  else if (size > 0n) size--;
  if (isLeft) {
    from -= size;
    if (from < 0n) {
      size += from;
      from = 0n;
    }
  }
  const to = from + (size > 0n ? size : 0n);
  return [Number(from < end ? from : end), Number(to < end ? to : end)];
}

/** The product of two lengths up to which one text is searched for in another: a few seconds of work at worst. */
const MAX_WORK = 2 ** 31;

/** The search for one long text in another is one step, which nothing can stop. */
function checkWork(text: string | Uint8Array, part: string | Uint8Array): void {
  if (text.length * part.length > MAX_WORK) throw new Error("the texts are too long");
}

function instr(text: Value, part: Value): Value {
  if (text === null || part === null) return null;
  if (text instanceof Uint8Array && part instanceof Uint8Array) return BigInt(indexOfBytes(text, part) + 1);
  const whole = toText(text);
  const wanted = toText(part);
  checkWork(whole, wanted);
  const at = whole.indexOf(wanted);
  return at < 0 ? 0n : BigInt(characters(whole.slice(0, at)) + 1);
}

function indexOfBytes(bytes: Uint8Array, part: Uint8Array): number {
  if (part.length === 0) return 0;
  checkWork(bytes, part);
  for (let at = bytes.indexOf(part[0]); at >= 0; at = bytes.indexOf(part[0], at + 1)) {
    let same = 1;
    while (same < part.length && bytes[at + same] === part[same]) same++;
    if (same === part.length) return at;
  }
  return -1;
}

function replace(text: Value, from: Value, to: Value): Value {
  if (text === null || from === null) return null;
  const part = toText(from);
  const whole = toText(text);
  if (part === "" || part[0] === "\0") return whole;
  checkWork(whole, part);
  return to === null ? null : whole.replaceAll(part, toText(to).replaceAll("$", "$$$$"));
}

function trim(left: boolean, right: boolean): (text: Value, set?: Value) => Value {
  return (text, set = " ") => {
    if (text === null || set === null) return null;
    const all = [...toText(text)];
    const members = new Set(untilNul(toText(set)));
    let from = 0;
    let to = all.length;
    if (left) { while (from < to && members.has(all[from])) from++; }
    if (right) { while (to > from && members.has(all[to - 1])) to--; }
    return all.slice(from, to).join("");
  };
}

/** Functions of texts that every SQLite has. */
export const TEXT_FUNCTIONS: readonly ScalarFunction[] = [
  { name: "length", least: 1, most: 1, isGiven: false, compute: length },
  { name: "lower", least: 1, most: 1, isGiven: false, compute: withCase(/[A-Z]+/g, (all) => all.toLowerCase()) },
  { name: "upper", least: 1, most: 1, isGiven: false, compute: withCase(/[a-z]+/g, (all) => all.toUpperCase()) },
  { name: "substr", least: 2, most: 3, isGiven: false, compute: substr },
  { name: "substring", least: 2, most: 3, isGiven: false, compute: substr },
  { name: "instr", least: 2, most: 2, isGiven: false, compute: instr },
  { name: "replace", least: 3, most: 3, isGiven: false, compute: replace },
  { name: "trim", least: 1, most: 2, isGiven: false, compute: trim(true, true) },
  { name: "ltrim", least: 1, most: 2, isGiven: false, compute: trim(true, false) },
  { name: "rtrim", least: 1, most: 2, isGiven: false, compute: trim(false, true) },
];
