/** How numbers become places on an axis. `time` is milliseconds since the Unix epoch, `duration` seconds. */
export type ScaleKind = "linear" | "log" | "time" | "duration";

/** The least and the greatest number that an axis shows. */
export type Range = readonly [low: number, high: number];

/** An axis from 0 to 1. */
export interface Scale {
  readonly kind: ScaleKind;
  readonly low: number;
  readonly high: number;
  /** 0 at `low`, 1 at `high`, beyond these outside of the range; NaN for what the axis cannot show. */
  place(value: number): number;
  /** The number at a place. */
  value(place: number): number;
}

/** Narrower ranges, against the size of their numbers, are rounding errors. */
const NARROW = 1e-13;

/** A scale over a range. A range without a width is widened, so that its number stands in the middle. */
export function scaleOf(kind: ScaleKind, [low, high]: Range): Scale {
  if (kind === "log") return logScale(low, high);
  // Halves, since the difference of two large numbers could be infinite.
  if (!(high / 2 - low / 2 > Math.max(Math.abs(low), Math.abs(high)) * NARROW)) {
    const around = Math.abs(low) / 10 || 1;
    [low, high] = [Math.max(low - around, -Number.MAX_VALUE), Math.min(low + around, Number.MAX_VALUE)];
  }
  const half = high / 2 - low / 2;
  return {
    kind,
    low,
    high,
    place: (value) => (value / 2 - low / 2) / half,
    value: (place) => low * (1 - place) + high * place,
  };
}

/** `low` is above 0. */
function logScale(low: number, high: number): Scale {
  if (!(high - low > high * NARROW)) [low, high] = [low / 2 || low, Math.min(low * 2, Number.MAX_VALUE)];
  const from = Math.log10(low);
  const width = Math.log10(high) - from;
  return {
    kind: "log",
    low,
    high,
    place: (value) => value > 0 ? (Math.log10(value) - from) / width : NaN,
    value: (place) => 10 ** (from + width * place),
  };
}
