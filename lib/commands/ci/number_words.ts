import type { Sample } from "../../compare/statistics/sample.ts";
import { short } from "../../terminal/values.ts";

/** A mean, with the deviation where there is one, in digits that it allows. */
export function sampleWords({ count, mean, sd }: Sample): string {
  if (count < 2 || Number.isNaN(sd)) return short(mean);
  return `${short(mean)} ± ${short(Number(sd.toPrecision(2)))}`;
}

/** A probability. */
export function probabilityWords(p: number): string {
  return short(Number(p.toPrecision(2)));
}

/** A number with its sign. */
export function signed(value: number, digits = 6): string {
  const text = short(Number(value.toPrecision(digits)));
  return value > 0 ? `+${text}` : text;
}
