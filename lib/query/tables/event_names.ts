import { parseEvent } from "../../format/event.ts";

/** The name of an event that a line begins with, as almost all do. */
const START = /^\{"event":"([^"\\]*)"/;

/** The name of the event of a line; undefined where it is none. */
export function nameOfLine(line: string, version: 0 | 1): string | undefined {
  const match = START.exec(line);
  // Of a name that stands twice the last counts.
  if (match !== null && line.indexOf('"event"', 8) < 0 && !line.includes("\\u")) return match[1];
  try {
    return parseEvent(line, version).event;
  } catch {
    return undefined;
  }
}

/** The name that a pattern stands for; undefined where it stands for several. */
export function nameOfPattern(pattern: string): string | undefined {
  const segments = pattern.split("/");
  return segments.includes("*") ? undefined : segments.map((segment) => segment.replace(/\\(.)/g, "$1")).join("/");
}

/** How many coordinates the names of a pattern have. */
export function coordinatesIn(pattern: string): number {
  return pattern.split("/").filter((segment) => segment === "*").length;
}
