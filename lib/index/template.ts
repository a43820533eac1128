import { parseEvent } from "../format/event.ts";
import { escapeName, LONGEST_SERIES_ARRAY, patternOf } from "../format/series.ts";
import { SPECIAL_KEY } from "../format/specials.ts";
import { numberEnd, scanNumber } from "./number_bytes.ts";

/** What may stand where lines of one shape differ. */
const enum Slot {
  /** A number, or a special one. */
  Value,
  /** A number that is one in JSON. */
  Strict,
  /** An all-digit segment of the event's name. */
  Coordinate,
  Text,
  /** true, false or null. */
  Word,
}

/** More slots than this are not worth a template. */
export const MOST_SLOTS = 600;

/** The numbers of the line that matched last, by slot. */
export const slotValues = new Float64Array(MOST_SLOTS);

/**
 * The shape of a line: bytes that are the same in every line of the kind, and slots between them. A line that matches is
 * an event whose numbers are in {@linkcode slotValues}; one that does not may still be anything.
 */
export interface Template {
  /** The name with `*` for its coordinates. */
  readonly pattern: string;
  readonly bytes: Uint8Array;
  /** Where the bytes before each slot end; what follows the last slot ends the line. */
  readonly ends: Int32Array;
  readonly slots: Uint8Array;
  /** The slot of the time, the step, and the last coordinate; -1 where there is none. */
  readonly ts: number;
  readonly step: number;
  readonly coordinate: number;
  /** The slots that are points, and the paths of their series. */
  readonly points: Int32Array;
  readonly paths: readonly string[];
}

/** Matches the line that starts at an offset: the offset behind its line feed, or -1. */
export function matchTemplate(template: Template, buffer: Uint8Array, start: number): number {
  const { bytes, ends, slots } = template;
  let at = start;
  let done = 0;
  for (let slot = 0; slot < slots.length; slot++) {
    const end = ends[slot];
    while (done < end) if (buffer[at++] !== bytes[done++]) return -1;
    const byte = buffer[at];
    switch (slots[slot]) {
      case Slot.Value:
        if (byte > 57 || (byte === 45 && buffer[at + 1] === 73)) {
          at = matchSpecial(buffer, at, slot);
          if (at < 0) return -1;
          break;
        } // falls through
      case Slot.Strict:
        slotValues[slot] = scanNumber(buffer, at);
        at = numberEnd;
        if (at < 0) return -1;
        break;
      case Slot.Coordinate: {
        let value = 0;
        const from = at;
        let digit = byte;
        while (digit >= 48 && digit <= 57) {
          value = value * 10 + digit - 48;
          digit = buffer[++at];
        }
        if (at === from || at > from + 15) return -1;
        slotValues[slot] = value;
        break;
      }
      case Slot.Text: {
        let letter = byte;
        while (letter !== 34) {
          if (letter < 32 || letter === 92 || letter > 126 || letter === undefined) return -1;
          letter = buffer[++at];
        }
        break;
      }
      default: {
        const word = byte === 116 ? TRUE : byte === 102 ? FALSE : NULL;
        for (let i = 0; i < word.length; i++) if (buffer[at++] !== word[i]) return -1;
      }
    }
  }
  while (done < bytes.length) if (buffer[at++] !== bytes[done++]) return -1;
  return buffer[at] === 10 ? at + 1 : -1;
}

const encoder = new TextEncoder();
const TRUE = encoder.encode("true");
const FALSE = encoder.encode("false");
const NULL = encoder.encode("null");
const SPECIALS: readonly (readonly [Uint8Array, number])[] = [
  [encoder.encode('{"_dbx":"nan"}'), NaN],
  [encoder.encode('{"_dbx":"inf"}'), Infinity],
  [encoder.encode('{"_dbx":"-inf"}'), -Infinity],
  [encoder.encode("NaN"), NaN],
  [encoder.encode("Infinity"), Infinity],
  [encoder.encode("-Infinity"), -Infinity],
];

function matchSpecial(buffer: Uint8Array, at: number, slot: number): number {
  for (const [bytes, value] of SPECIALS) {
    let i = 0;
    while (i < bytes.length && buffer[at + i] === bytes[i]) i++;
    if (i < bytes.length) continue;
    slotValues[slot] = value;
    return at + i;
  }
  return -1;
}

/** The template of a line (without its line feed) that is an event; undefined where lines like it are better parsed. */
export function templateOf(line: string, version: 0 | 1): Template | undefined {
  try {
    return new Builder(line, version).build();
  } catch (error) {
    if (error instanceof NoTemplate) return undefined;
    throw error;
  }
}

class NoTemplate extends Error {}

/** Goes through one line of JSON that is known to be an event. */
class Builder {
  readonly #bytes: number[] = [];
  readonly #ends: number[] = [];
  readonly #slots: Slot[] = [];
  readonly #points: number[] = [];
  readonly #paths: string[] = [];
  #at = 0;
  #ts = -1;
  #step = -1;
  #coordinate = -1;
  #pattern = "";
  /** Inside of what holds no series. */
  #mute = 0;

  constructor(readonly line: string, readonly version: 0 | 1) {}

  build(): Template {
    const event = parseEvent(this.line, this.version);
    if (event.event.startsWith("dbx/")) this.#mute++;
    this.#pattern = patternOf(event.event).pattern;
    this.#space();
    this.#object("", 0);
    this.#space();
    if (this.#at !== this.line.length) throw new NoTemplate();
    return {
      pattern: this.#pattern,
      bytes: Uint8Array.from(this.#bytes),
      ends: Int32Array.from(this.#ends),
      slots: Uint8Array.from(this.#slots),
      ts: this.#ts,
      step: this.#step,
      coordinate: this.#coordinate,
      points: Int32Array.from(this.#points),
      paths: this.#paths,
    };
  }

  #put(end: number): void {
    for (const byte of encoder.encode(this.line.slice(this.#at, end))) this.#bytes.push(byte);
    this.#at = end;
  }

  #slot(kind: Slot, end: number): number {
    if (this.#slots.length >= MOST_SLOTS) throw new NoTemplate();
    this.#ends.push(this.#bytes.length);
    this.#at = end;
    return this.#slots.push(kind) - 1;
  }

  #space(): void {
    let end = this.#at;
    while (/[ \t\r]/.test(this.line[end] ?? "")) end++;
    this.#put(end);
  }

  #expect(mark: string): void {
    if (this.line[this.#at] !== mark) throw new NoTemplate();
    this.#put(this.#at + 1);
  }

  /** A text without escapes; where it ends. */
  #text(): { value: string; end: number } {
    const match = this.#match(/"([^"\\]*)"/y);
    return { value: match.slice(1, -1), end: this.#at + match.length };
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.line)?.[0];
    if (match === undefined) throw new NoTemplate();
    return match;
  }

  #object(path: string, depth: number): void {
    if (depth > 32) throw new NoTemplate();
    const names = new Set<string>();
    this.#expect("{");
    this.#space();
    while (this.line[this.#at] !== "}") {
      if (names.size > 0) this.#expect(",");
      this.#space();
      const { value: name, end } = this.#text();
      // Of a name that stands twice, the last counts; a special value is no object.
      if (names.has(name) || name === SPECIAL_KEY) throw new NoTemplate();
      names.add(name);
      this.#put(end);
      this.#space();
      this.#expect(":");
      this.#space();
      if (depth === 0) this.#top(name);
      else this.#value(`${path}.${escapeName(name)}`, depth + 1);
      this.#space();
    }
    this.#expect("}");
  }

  #top(name: string): void {
    if (name === "event") return this.#event();
    const isNumber = /[-0-9]/.test(this.line[this.#at] ?? "");
    const isTime = name === "ts" && this.version === 1;
    if (isNumber && (isTime || name === "step")) {
      const end = this.#at + this.#match(/-?\d[\d.eE+-]*/y).length;
      if (isTime) this.#ts = this.#slot(Slot.Strict, end);
      else this.#step = this.#slot(Slot.Strict, end);
    } else if ((isTime || name === "step") && /[{NI]/.test(this.line[this.#at] ?? "")) {
      // A special number here is a point, and a number in its place is none.
      throw new NoTemplate();
    } else this.#value(escapeName(name), 1);
  }

  #event(): void {
    const { value, end } = this.#text();
    this.#put(this.#at + 1);
    const segments = value.split("/");
    segments.forEach((segment, index) => {
      if (index > 0) this.#put(this.#at + 1);
      const after = this.#at + segment.length;
      if (/^[0-9]{1,15}$/.test(segment)) this.#coordinate = this.#slot(Slot.Coordinate, after);
      else this.#put(after);
    });
    this.#put(end);
  }

  #value(path: string, depth: number): void {
    const first = this.line[this.#at];
    if (first === "{") {
      const special = /\{"_dbx":"(?:nan|inf|-inf)"\}/y;
      special.lastIndex = this.#at;
      const found = special.exec(this.line)?.[0];
      if (found !== undefined) return this.#point(path, this.#at + found.length);
      return this.#object(path, depth);
    }
    if (first === "[") return this.#array(path, depth);
    if (first === '"') {
      const { end } = this.#text();
      this.#put(this.#at + 1);
      this.#slot(Slot.Text, end - 1);
      return this.#put(end);
    }
    const word = this.#match(/true|false|null|NaN|-?Infinity|-?\d[\d.eE+-]*/y);
    const end = this.#at + word.length;
    if (/^[tfn]/.test(word)) this.#slot(Slot.Word, end);
    else this.#point(path, end);
  }

  #point(path: string, end: number): void {
    const slot = this.#slot(Slot.Value, end);
    if (this.#mute > 0) return;
    this.#points.push(slot);
    this.#paths.push(path);
  }

  #array(path: string, depth: number): void {
    if (depth > 32) throw new NoTemplate();
    const isLong = lengthOf(this.line, this.#at) > LONGEST_SERIES_ARRAY;
    if (isLong) throw new NoTemplate();
    this.#expect("[");
    this.#space();
    for (let index = 0; this.line[this.#at] !== "]"; index++) {
      if (index > 0) this.#expect(",");
      this.#space();
      this.#value(`${path}.${index}`, depth + 1);
      this.#space();
    }
    this.#expect("]");
  }
}

/** At least how many items the array at an offset has, if there are not very many. */
function lengthOf(line: string, at: number): number {
  let depth = 0;
  let commas = 0;
  for (; at < line.length; at++) {
    const letter = line[at];
    if (letter === "[" || letter === "{") depth++;
    else if (letter === "]" || letter === "}") {
      if (--depth === 0) break;
    } else if (letter === "," && ++commas >= LONGEST_SERIES_ARRAY) break;
  }
  return commas + 1;
}
