/** The latest time that a clock can show: the last one of a JavaScript date, 13 September 275760. */
export const LATEST_CLOCK = 8.64e15;

/**
 * The times by which notes are ordered: for each log of notes of an experiment the times of its lines, from their `ts`.
 *
 * - A log has one writer, so the order of its lines is the order in which they were said: a line is never before the one
 *   above it, whatever its `ts`.
 * - A `ts` that no clock can show says nothing: the line has the time of the one above it (0 for the first). One beyond
 *   {@linkcode LATEST_CLOCK} counts only as a continuation: where it is the next whole number after one that counts. So
 *   a writer can always write a greater one than all that count, and no single line is ever the last word.
 *
 * Pure.
 */
export function noteTimes(logs: readonly (readonly (number | undefined)[])[]): number[][] {
  const latest = latestOf(logs);
  return logs.map((log) => {
    let time = 0;
    return log.map((ts) => {
      if (ts !== undefined && ts <= latest) time = Math.max(time, ts);
      return time;
    });
  });
}

/** The `ts` of a note that is written now: it is greater than every one that counts. */
export function nextNoteTime(now: number, logs: readonly (readonly (number | undefined)[])[]): number {
  const seen = noteTimes(logs).reduce((most, log) => Math.max(most, log.at(-1) ?? 0), 0);
  const clock = Number.isSafeInteger(now) && now <= LATEST_CLOCK ? now : 0;
  return Math.max(clock, seen + 1);
}

/** The greatest `ts` that counts. */
function latestOf(logs: readonly (readonly (number | undefined)[])[]): number {
  const beyond = new Set<number>();
  for (const log of logs) for (const ts of log) if (ts !== undefined && ts > LATEST_CLOCK) beyond.add(ts);
  let latest = LATEST_CLOCK;
  while (beyond.has(latest + 1) && Number.isSafeInteger(latest + 1)) latest++;
  return latest;
}
