import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { escapeName } from "../../format/events/series_key.ts";
import { coordinateOf } from "../schema/coordinates.ts";
import { MAX_COORDINATES } from "../schema/shared_columns.ts";

/** What a curve is over: the column of its points, and for `beside` the number of the same event. */
export type Axis =
  | { readonly kind: "step" | "time" | "relative" }
  /** The number of a coordinate of the event's name, from the left. */
  | { readonly kind: "coordinate"; readonly at: number }
  /** The path of a number in the data of the event, as it stands in the name of a series. */
  | { readonly kind: "beside"; readonly key: string };

/** What every curve can be drawn over. */
const ALWAYS = ["step", "time", "relative"] as const;
/** Names that are listed where one is wrong. */
const MAX_LISTED = 12;

/** Events of a series, as far as axes are about them. */
export interface AxisSource {
  /** The whole name of the series. */
  readonly series: string;
  /** The name of its events, with `*` for numbers. */
  readonly event: string;
  /** The keys of the series of the same events. */
  readonly keys: () => ReadonlySet<string>;
}

/** Whether the times of events are needed. */
export function isOverTime(x: string | undefined): boolean {
  return x === "time" || x === "relative";
}

/**
 * What a word means as the axis of a series: step, time, relative; a level of the event's name, which is the word before a
 * number; the column of a number (`c0`); or a number of the same events' data.
 *
 * @throws {UsageError} That says what there is.
 */
export function axisOf(x: string, { series, event, keys }: AxisSource): Axis {
  const levels = levelsOf(event);
  const axis = axisOfName(x, levels);
  if (axis !== undefined) return axis;
  const known = keys();
  for (const key of [x, escapeName(x)]) if (known.has(key)) return { kind: "beside", key };
  const own = series.slice(event.length + 1);
  const numbers = [...known].filter((key) => key !== own).sort();
  const there = [...ALWAYS, ...levels.filter((name) => name !== undefined && !isAlways(name)), ...numbers] as string[];
  const listed = there.slice(0, MAX_LISTED).join(", ") + (there.length > MAX_LISTED ? ", …" : "");
  throw new UsageError(
    `Cannot draw "${series}" over "${x}": its events have no such level or number${didYouMean(x, there)}; ` +
      `there are ${listed}`,
  );
}

/** What a word means as an axis of events whose name has these levels; undefined where it must be a number of their data. */
export function axisOfName(
  x: string,
  levels: ReturnType<typeof levelsOf>,
): Exclude<Axis, { kind: "beside" }> | undefined {
  const always = ALWAYS.find((name) => name === x);
  if (always !== undefined) return { kind: always };
  const level = levels.lastIndexOf(x);
  if (level >= 0) return { kind: "coordinate", at: level };
  const column = coordinateOf(x);
  return column !== undefined && column < levels.length ? { kind: "coordinate", at: column } : undefined;
}

/** The word before each number of an event's name, from the left; undefined where another number stands there. */
export function levelsOf(event: string): (string | undefined)[] {
  const segments = event.split("/");
  const levels: (string | undefined)[] = [];
  segments.forEach((segment, at) => {
    if (segment !== "*") return;
    const before = segments[at - 1];
    levels.push(before === undefined || before === "*" ? undefined : before.replace(/\\(.)/gs, "$1"));
  });
  return levels.slice(0, MAX_COORDINATES);
}

function isAlways(name: string): boolean {
  return (ALWAYS as readonly string[]).includes(name);
}
