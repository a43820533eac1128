import { parseEvent } from "../../format/events/parse_event.ts";
import { escapeName, MAX_SERIES_ARRAY_LENGTH, patternOf } from "../../format/events/series_key.ts";
import { SPECIAL_KEY } from "../../format/json/special_values.ts";
import { MAX_SLOTS, Slot, type SlotsOf, type Template } from "./line_template.ts";
import { Code } from "../encoding/word_table.ts";

const encoder = new TextEncoder();

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

class Slots {
  readonly #slots: number[] = [];
  readonly #paths: string[] = [];

  add(slot: number, path: string): void {
    this.#slots.push(slot);
    this.#paths.push(path);
  }

  build(): SlotsOf {
    return { slots: Int32Array.from(this.#slots), paths: this.#paths };
  }
}

/** Goes through one line of JSON that is known to be an event. */
class Builder {
  readonly #bytes: number[] = [];
  readonly #ends: number[] = [];
  readonly #slots: Slot[] = [];
  readonly #points = new Slots();
  readonly #numbers = new Slots();
  readonly #texts = new Slots();
  readonly #coordinates: number[] = [];
  readonly #fixed: [path: string, code: Code][] = [];
  #at = 0;
  #ts = -1;
  #step = -1;
  #pattern = "";
  /** Whether its numbers are not points. */
  #isMute = false;

  constructor(readonly line: string, readonly version: 0 | 1) {}

  build(): Template {
    const event = parseEvent(this.line, this.version);
    this.#isMute = event.event.startsWith("dbx/");
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
      coordinates: Int32Array.from(this.#coordinates),
      points: this.#points.build(),
      numbers: this.#numbers.build(),
      texts: this.#texts.build(),
      fixed: this.#fixed,
    };
  }

  #put(end: number): void {
    for (const byte of encoder.encode(this.line.slice(this.#at, end))) this.#bytes.push(byte);
    this.#at = end;
  }

  #slot(kind: Slot, end: number): number {
    if (this.#slots.length >= MAX_SLOTS) throw new NoTemplate();
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
      // Of a name that stands twice, the last counts; a special value is not an object. Printed lines may have two
      // times.
      const isSecond = names.has(name) && !(depth === 0 && name === "ts" && this.#ts >= 0);
      if (isSecond || name === SPECIAL_KEY) throw new NoTemplate();
      names.add(name);
      this.#put(end);
      this.#space();
      this.#expect(":");
      this.#space();
      if (depth === 0) this.#top(name);
      else this.#value(`${path}.${escapeName(name)}`, depth + 1);
      this.#space();
    }
    if (names.size === 0 && depth > 0) this.#fixed.push([path, Code.EmptyObject]);
    this.#expect("}");
  }

  #top(name: string): void {
    if (name === "event") return this.#event();
    const isNumber = /[-0-9]/.test(this.line[this.#at] ?? "");
    const isTime = name === "ts" && this.version === 1;
    if (isNumber && (isTime || name === "step")) {
      const end = this.#at + this.#match(/-?\d[\d.eE+-]*/y).length;
      if (isTime) this.#ts = this.#slot(Slot.Strict, end); // Of two, the slot of the first one is unused.
      else {
        this.#step = this.#slot(Slot.Strict, end);
        this.#numbers.add(this.#step, "step");
      }
    } else if (isTime && this.#ts >= 0 || (isTime || name === "step") && /[{NI]/.test(this.line[this.#at] ?? "")) {
      // A special number here is a point, and a number in its place is not.
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
      if (/^[0-9]{1,15}$/.test(segment)) this.#coordinates.push(this.#slot(Slot.Coordinate, after));
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
      this.#texts.add(this.#slot(Slot.Text, end - 1), path);
      return this.#put(end);
    }
    const word = this.#match(/true|false|null|NaN|-?Infinity|-?\d[\d.eE+-]*/y);
    const end = this.#at + word.length;
    if (/^[tfn]/.test(word)) this.#texts.add(this.#slot(Slot.Word, end), path);
    else this.#point(path, end);
  }

  #point(path: string, end: number): void {
    const slot = this.#slot(Slot.Value, end);
    (this.#isMute ? this.#numbers : this.#points).add(slot, path);
  }

  #array(path: string, depth: number): void {
    if (depth > 32) throw new NoTemplate();
    const isLong = lengthOf(this.line, this.#at) > MAX_SERIES_ARRAY_LENGTH;
    if (isLong) throw new NoTemplate();
    this.#expect("[");
    this.#space();
    if (this.line[this.#at] === "]") this.#fixed.push([path, Code.EmptyArray]);
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
    } else if (letter === "," && ++commas >= MAX_SERIES_ARRAY_LENGTH) break;
  }
  return commas + 1;
}
