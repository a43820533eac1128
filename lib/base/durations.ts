/** Milliseconds of one of each unit. */
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** The milliseconds of `90s`, `1.5h` or `1h30m`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const pieces = [...text.replaceAll(" ", "").matchAll(/(\d+(?:\.\d+)?)(ms|min|s|m|h|d|w)/gy)];
  if (pieces.length === 0 || pieces.map(([piece]) => piece).join("") !== text.replaceAll(" ", "")) return undefined;
  return pieces.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit], 0);
}

/**
 * The time of an ISO 8601 text in milliseconds since the Unix epoch; undefined for anything else. A date alone is its first
 * moment in UTC; a time without a zone is UTC.
 */
export function parseTime(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}(?:-\d{2})?)(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, date, time, zone] = match;
  const at = Date.parse(time === undefined ? date : `${date}T${time}${zone ?? "Z"}`);
  return Number.isNaN(at) ? undefined : at;
}
