import { numberEnd, scanNumber } from "../encoding/parse_number.ts";
import { Code, HASH_FACTOR, HASH_START } from "../encoding/word_table.ts";

/** What may stand where lines of one shape differ. */
export const enum Slot {
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
export const MAX_SLOTS = 600;

/** The numbers of the line that matched last, by slot; of a text where it starts, of true, false and null their code. */
export const slotValues = new Float64Array(MAX_SLOTS);

/** Where texts end, and the hashes of their bytes; of true, false and null -1. */
export const slotEnds = new Int32Array(MAX_SLOTS);
export const slotHashes = new Int32Array(MAX_SLOTS);

/** Whether a coordinate of the line that matched last starts with zeros, so that its number does not say how it is written. */
export let isPadded = false;

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
  /** The slot of the time and the step; -1 where there is none. */
  readonly ts: number;
  readonly step: number;
  /** The slots of the coordinates, from the left. */
  readonly coordinates: Int32Array;
  /** The slots that are points, other numbers, and texts or words, each with the paths of their leaves. */
  readonly points: SlotsOf;
  readonly numbers: SlotsOf;
  readonly texts: SlotsOf;
  /** Leaves that are the same in each line: empty objects and arrays. */
  readonly fixed: readonly (readonly [path: string, code: Code])[];
}

/** Slots of one use. */
export interface SlotsOf {
  readonly slots: Int32Array;
  readonly paths: readonly string[];
}

/** Matches the line that starts at an offset: the offset behind its line feed, or -1. */
export function matchTemplate(template: Template, buffer: Uint8Array, start: number): number {
  const { bytes, ends, slots } = template;
  let at = start;
  let done = 0;
  isPadded = false;
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
        if (byte === 48 && at > from + 1) isPadded = true;
        slotValues[slot] = value;
        break;
      }
      case Slot.Text: {
        let letter = byte;
        let hash = HASH_START;
        slotValues[slot] = at;
        while (letter !== 34) {
          if (letter < 32 || letter === 92 || letter > 126 || letter === undefined) return -1;
          hash = Math.imul(hash ^ letter, HASH_FACTOR);
          letter = buffer[++at];
        }
        slotEnds[slot] = at;
        slotHashes[slot] = hash;
        break;
      }
      default: {
        const word = byte === 116 ? TRUE : byte === 102 ? FALSE : NULL;
        for (let i = 0; i < word.length; i++) if (buffer[at++] !== word[i]) return -1;
        slotValues[slot] = byte === 116 ? Code.True : byte === 102 ? Code.False : Code.Null;
        slotEnds[slot] = -1;
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
