import type { Tick } from "./tick.ts";

const SECOND = 1;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Steps of clocks, in seconds. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14].map((count) => count * DAY),
];

/** Round lengths of time between two, in seconds. */
export function durationTicks(low: number, high: number, most: number): Tick[] {
  const step = stepOf((high - low) / most, DAY);
  return multiples(low, high, step).map((value) => ({ value, text: durationText(value, step) }));
}

/** The least step that is not below a number; beyond those of clocks, powers of ten of one unit. */
function stepOf(rough: number, unit: number): number {
  const known = rough >= SECOND ? STEPS.find((step) => step >= rough) : undefined;
  if (known !== undefined) return known;
  const base = rough < SECOND ? SECOND : unit;
  const power = 10 ** Math.floor(Math.log10(rough / base));
  return [1, 2, 5, 10].map((factor) => factor * power * base).find((step) => step >= rough * (1 - 1e-9))!;
}

function multiples(low: number, high: number, step: number): number[] {
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from(
    { length: Math.max(0, Math.min(1000, last - first + 1)) },
    (_, at) => Number(((first + at) * step).toPrecision(14)),
  );
}

/** `90s` as `1m30s`, and no unit below that of the step. */
function durationText(value: number, step: number): string {
  if (value === 0) return "0";
  const sign = value < 0 ? "-" : "";
  let left = Math.abs(value);
  if (step < SECOND) return `${sign}${Number(left.toPrecision(12))}s`;
  let text = "";
  for (const [unit, letter] of [[DAY, "d"], [HOUR, "h"], [MINUTE, "m"], [SECOND, "s"]] as const) {
    const count = Math.floor(left / unit + 1e-9);
    left -= count * unit;
    if (count > 0) text += `${count}${letter}`;
  }
  return sign + text;
}

/** Round moments between two, in milliseconds, by the clock and the calendar of this place. */
export function timeTicks(low: number, high: number, most: number): Tick[] {
  const rough = (high - low) / 1000 / most;
  if (rough > 14 * DAY) return calendarTicks(low, high, Math.max(1, rough / DAY / 30.44));
  const step = stepOf(rough, DAY);
  // The clock of this place is behind or ahead: its round hours are not those of UTC.
  const ahead = (time: number) => new Date(time).getTimezoneOffset() * 60_000;
  const from = low - ahead(low);
  const ticks: Tick[] = [];
  for (const local of multiples(from / 1000, (high - ahead(low)) / 1000, step)) {
    const guess = local * 1000 + ahead(low);
    const value = local * 1000 + ahead(guess); // The offset of that day, where summer time begins between both.
    if (value >= low && value <= high) ticks.push({ value, text: momentText(value, step) });
  }
  return ticks;
}

/** Beginnings of months or years. */
function calendarTicks(low: number, high: number, months: number): Tick[] {
  const every = [1, 2, 3, 6, 12].find((count) => count >= months) ?? 12 * nice(months / 12);
  const start = new Date(low);
  const first = Math.ceil((start.getFullYear() * 12 + start.getMonth()) / every) * every;
  const ticks: Tick[] = [];
  for (let month = first; ticks.length < 1000; month += every) {
    const value = new Date(Math.floor(month / 12), month % 12, 1).getTime();
    if (!(value <= high)) break;
    if (value < low) continue;
    const year = String(Math.floor(month / 12));
    ticks.push({ value, text: month % 12 === 0 ? year : MONTHS[month % 12] });
  }
  return ticks;
}

function nice(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough)!;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function momentText(value: number, step: number): string {
  const time = new Date(value);
  const two = (number: number) => String(number).padStart(2, "0");
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}`;
  if (step >= DAY || clock === "00:00" && time.getSeconds() === 0) {
    return `${MONTHS[time.getMonth()]} ${time.getDate()}`;
  }
  if (step < SECOND) {
    return `${clock}:${(time.getSeconds() + time.getMilliseconds() / 1000).toFixed(3).padStart(6, "0")}`;
  }
  return step < MINUTE ? `${clock}:${two(time.getSeconds())}` : clock;
}
