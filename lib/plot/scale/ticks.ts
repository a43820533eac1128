import type { Scale } from "./scale.ts";
import type { Tick } from "./tick.ts";
import { numberTexts } from "./tick_text.ts";
import { durationTicks, timeTicks } from "./time_ticks.ts";

/** What a calendar reaches, in milliseconds. */
const END_OF_TIME = 8e15;

/**
 * At most about so many round numbers within the range of a scale.
 *
 * @param isWhole Whether fractions mean nothing on this axis, as of steps and epochs.
 */
export function ticksOf(scale: Scale, most: number, isWhole = false): Tick[] {
  const count = Math.max(1, Math.floor(most));
  const greatest = Math.max(Math.abs(scale.low), Math.abs(scale.high));
  if (scale.kind === "time" && greatest < END_OF_TIME) return timeTicks(scale.low, scale.high, count);
  if (scale.kind === "duration" && greatest < END_OF_TIME / 1000) return durationTicks(scale.low, scale.high, count);
  if (scale.kind === "log") {
    const values = logValues(scale.low, scale.high, count);
    if (values !== undefined) return ticked(values, true);
  }
  return ticked(atLeastTwo(scale, count, isWhole), false);
}

/** One number does not say how large a range is: of a finer step the first and the last one do. */
function atLeastTwo({ low, high }: Scale, count: number, isWhole: boolean): number[] {
  const values = linearValues(low, high, count, isWhole);
  for (const finer of values.length < 2 && count > 1 ? [2, 4] : []) {
    const found = linearValues(low, high, count * finer, isWhole);
    if (found.length > 1) return [found[0], found[found.length - 1]];
  }
  return values;
}

function ticked(values: readonly number[], areFar: boolean): Tick[] {
  const texts = numberTexts(values, areFar);
  return values.map((value, at) => ({ value, text: texts[at] }));
}

/** Multiples of 1, 2 or 5 times a power of ten. */
export function linearValues(low: number, high: number, most: number, isWhole = false): number[] {
  const rough = (high / 2 - low / 2) / most * 2;
  const step = Math.max(isWhole ? 1 : 0, niceStep(rough));
  if (!(step > 0) || !Number.isFinite(step) || low + step === low && high - step === high) return [low];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.min(1000, last - first + 1) }, (_, at) => multiple(first + at, step))
    .filter((value) => Number.isFinite(value));
}

/** The least of 1, 2 and 5 times a power of ten that is not below a number. */
function niceStep(rough: number): number {
  const power = Math.floor(Math.log10(rough) + 1e-9);
  for (const factor of [1, 2, 5, 10]) {
    const step = Number(`${factor}e${power}`);
    if (step >= rough * (1 - 1e-9)) return step;
  }
  return Number(`1e${power + 1}`);
}

/** `count * step` without the digits that binary fractions add: 0.3, not 0.30000000000000004. */
function multiple(count: number, step: number): number {
  if (count === 0) return 0;
  const product = count * step;
  return step >= 1 || Math.abs(product) > 1e15 ? product : Number(product.toPrecision(14));
}

/** Powers of ten, with 2 and 5 times these where there are few; undefined in less than a decade. */
function logValues(low: number, high: number, most: number): number[] | undefined {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const [first, last] = [Math.ceil(from - 1e-9), Math.floor(to + 1e-9)];
  const decades = last - first + 1;
  if (decades > most) {
    const every = Math.ceil(decades / most);
    return powers(Math.ceil(first / every) * every, last, every);
  }
  for (const factors of [[1, 2, 5], [1, 3]]) {
    const values = powers(first - 1, last, 1).flatMap((power) => factors.map((factor) => exact(factor, power)))
      .filter((value) => value >= low * (1 - 1e-9) && value <= Math.min(high * (1 + 1e-9), Number.MAX_VALUE));
    if (values.length <= most && values.length > 1 && decades > 0) return values;
  }
  return decades >= 2 ? powers(first, last, 1) : undefined;
}

function powers(first: number, last: number, every: number): number[] {
  const values: number[] = [];
  for (let power = first; power <= Math.min(last, 308); power += every) values.push(Number(`1e${power}`));
  return values;
}

/** A factor times a power of ten, as it is written. */
function exact(factor: number, power: number): number {
  return Number((factor * power).toPrecision(3));
}
