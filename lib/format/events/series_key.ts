import type { Json, JsonObject } from "../../base/json.ts";
import type { LogEvent } from "./event.ts";
import { SPECIAL_KEY, specialNumber } from "../json/special_values.ts";

/** One number of one event. */
export interface Point {
  /** The series: `train/epoch/*:train_loss`. */
  readonly key: string;
  /** `step` of the data, else the last coordinate; undefined where only the index in the series is left. */
  readonly step: number | undefined;
  /** The all-digit segments of the event's name. */
  readonly coordinates: readonly number[];
  readonly value: number;
}

/** An array that is longer is a piece of data (a picture, a histogram), not so many series. */
export const MAX_SERIES_ARRAY_LENGTH = 256;

/** The points of an event: each numeric leaf of its data. The toolkit's own events (`dbx/…`) have none. */
export function seriesOf(event: LogEvent): Point[] {
  const points: Point[] = [];
  if (event.event.startsWith("dbx/")) return points;
  const { pattern, coordinates } = patternOf(event.event);
  const hasStep = typeof event.data.step === "number";
  const step = hasStep ? event.data.step as number : coordinates.at(-1);
  const add = (path: string, value: number): void => {
    points.push({ key: `${pattern}:${path}`, step, coordinates, value });
  };
  for (const name of Object.keys(event.data)) {
    if (!(hasStep && name === "step")) visit(event.data[name], escapeName(name), add);
  }
  return points;
}

/** What events whose names differ only in their all-digit segments share: `train/epoch/*`, and what stood there. */
export function patternOf(event: string): { pattern: string; coordinates: number[] } {
  const coordinates: number[] = [];
  if (!/[0-9*:\\]/.test(event)) return { pattern: event, coordinates };
  const segments = event.split("/").map((segment) => {
    // More digits than a number holds exactly are a name.
    if (/^[0-9]{1,15}$/.test(segment)) {
      coordinates.push(Number(segment));
      return "*";
    }
    const escaped = segment.replace(/[\\:]/g, "\\$&");
    return escaped === "*" ? "\\*" : escaped;
  });
  return { pattern: segments.join("/"), coordinates };
}

/** A series' key in parts: `train/epoch/*:a.b` is the pattern `train/epoch/*` and the keys `a`, `b`. */
export function splitSeriesKey(key: string): { pattern: string; path: string[] } {
  const pattern = /^(?:[^\\:]|\\.)*/s.exec(key)![0];
  const path = [""];
  for (const [part] of key.slice(pattern.length + 1).matchAll(/\\.|./gs)) {
    if (part === ".") path.push("");
    else path[path.length - 1] += part.length > 1 ? part.slice(1) : part;
  }
  return { pattern, path };
}

function visit(json: Json, path: string, add: (path: string, value: number) => void): void {
  if (typeof json === "number") add(path, json);
  if (typeof json !== "object" || json === null) return;
  if (Array.isArray(json)) {
    if (json.length > MAX_SERIES_ARRAY_LENGTH) return;
    for (let i = 0; i < json.length; i++) visit(json[i], `${path}.${i}`, add);
    return;
  }
  const special = specialNumber(json);
  if (special !== undefined) add(path, special);
  // Any other special value, such as a file, is not data.
  if (typeof json[SPECIAL_KEY] === "string") return;
  for (const name of Object.keys(json)) {
    visit((json as JsonObject)[name], `${path}.${escapeName(name)}`, add);
  }
}

/** `a.b` as one key is not `b` in `a`. */
export function escapeName(name: string): string {
  return /[.\\]/.test(name) ? name.replace(/[.\\]/g, "\\$&") : name;
}

/** Whether a series is what `dbx run` measured of the machine, and not what a program logged. */
export function isSystemSeries(key: string): boolean {
  return key.startsWith("system:");
}
