import type { Json } from "../base/json.ts";

/** A length of time as people say it: `0.4s`, `12s`, `3m10s`, `2h05m`, `4d`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined || Number.isNaN(ms)) return "";
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 10) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  if (whole < 172_800) return `${Math.floor(whole / 3600)}h${two((whole % 3600) / 60)}m`;
  return `${Math.floor(whole / 86_400)}d`;
}

/** The time since a moment. */
export function age(then: number, now: number): string {
  if (Number.isNaN(then)) return "";
  const ms = now - then;
  return ms < 60_000 ? `${Math.max(0, Math.round(ms / 1000))}s` : duration(ms).replace(/(\d+m)\d+s$/, "$1");
}

/** A number in at most 6 significant digits, but with all of those before its point; `1.6e-5` where it is small. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (size >= 1e5 && size < 1e15 || Number.isInteger(value) && size < 1e5) return String(Math.round(value));
  const rounded = Number(value.toPrecision(6));
  return size < 1e-4 ? rounded.toExponential() : String(rounded);
}

/** How numbers are written for an output: a terminal gets 6 significant digits, a file or a pipe all of them. */
export function numbersOf({ isTerminal }: { readonly isTerminal: boolean }): (value: number) => string {
  return isTerminal ? short : exact;
}

/** The same for values of definitions. */
export function cellsOf(out: { readonly isTerminal: boolean }): (value: Json | undefined) => string {
  const number = numbersOf(out);
  // A list of numbers is as long as its digits.
  const within = (_: string, value: unknown) => typeof value === "number" ? Number(number(value)) : value;
  return (value) => {
    if (value === undefined) return "";
    if (typeof value === "number") return number(value);
    return typeof value === "string" ? value : JSON.stringify(value, within);
  };
}

/** A number with all of its digits. */
function exact(value: number): string {
  return Number.isFinite(value) ? String(value) : short(value);
}

/** Bytes for people. */
export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; count >= 1024 && unit < units.length - 1; unit++) count /= 1024;
  return `${unit === 0 ? count : count.toFixed(1)} ${units[unit]}`;
}
