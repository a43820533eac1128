import { parseEvent } from "../../../format/events/parse_event.ts";

/** The name of an event that a line begins with, as almost all do. */
const START = /^\{(?:"ts":\d+, ?)?"event": ?"([^"\\]*)"/;

/** The name of the event of a line; otherwise undefined. */
export function nameOfLine(line: string, version: 0 | 1): string | undefined {
  const match = START.exec(line);
  // Of a name that stands twice the last counts.
  if (match !== null && line.indexOf('"event"', match[0].length) < 0 && !line.includes("\\u")) return match[1];
  try {
    return parseEvent(line, version).event;
  } catch {
    return undefined;
  }
}

/** A coordinate of a name, by its number: its all-digit segments from the left. NaN where there are fewer. */
export function coordinateIn(name: string, coordinate: number): number {
  let left = coordinate;
  for (let from = 0; from <= name.length;) {
    let value = 0;
    let at = from;
    for (let code = name.charCodeAt(at); code >= 48 && code <= 57; code = name.charCodeAt(++at)) {
      value = value * 10 + code - 48;
    }
    const isWhole = at > from && at - from <= MAX_DIGITS && (at === name.length || name.charCodeAt(at) === SLASH);
    if (isWhole && left-- === 0) return value;
    const next = name.indexOf("/", at);
    if (next < 0) break;
    from = next + 1;
  }
  return NaN;
}

/** More digits than a number holds exactly are a name. */
const MAX_DIGITS = 15;
const SLASH = 47;

/** The name that a pattern stands for; undefined where it stands for several. */
export function nameOfPattern(pattern: string): string | undefined {
  const segments = pattern.split("/");
  return segments.includes("*") ? undefined : segments.map((segment) => segment.replace(/\\(.)/g, "$1")).join("/");
}
