import type { Json } from "../base/json.ts";
import type { LogEvent } from "./event.ts";
import { specialNumber } from "./value.ts";

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

/** The points of an event: each numeric leaf of its data. The toolkit's own events (`dbx/…`) have none. */
export function seriesOf(event: LogEvent): Point[] {
  if (event.event.startsWith("dbx/")) return [];
  const coordinates: number[] = [];
  const pattern = event.event.replace(/(^|\/)([0-9]+)(?=\/|$)/g, (_, slash, digits) => {
    coordinates.push(Number(digits));
    return slash + "*";
  });
  const own = event.data.step;
  const hasStep = typeof own === "number";
  const step = hasStep ? own : coordinates.at(-1);
  const points: Point[] = [];
  const visit = (value: Json, path: string): void => {
    if (typeof value === "number") {
      if (!(hasStep && path === "step")) points.push({ key: `${pattern}:${path}`, step, coordinates, value });
    } else if (typeof value === "object" && value !== null) {
      const special = specialNumber(value);
      if (special !== undefined) points.push({ key: `${pattern}:${path}`, step, coordinates, value: special });
      else if (Array.isArray(value)) value.forEach((item, index) => visit(item, `${path}.${index}`));
      else if (typeof value._dbx !== "string") {
        for (const key in value) visit(value[key], path === "" ? key : `${path}.${key}`);
      }
    }
  };
  for (const key in event.data) visit(event.data[key], key);
  return points;
}
