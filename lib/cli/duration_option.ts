import { parseDuration } from "../base/durations.ts";
import { UsageError } from "../base/errors.ts";

/** The value of an option that is a length of time such as `30d`, in milliseconds. */
export function durationOption(word: string, option: string): number {
  const duration = parseDuration(word);
  if (duration !== undefined) return duration;
  throw new UsageError(
    `Cannot use "${word}" as --${option}: a duration is a number and s, m, h, d or w, such as 30d or 1h30m`,
  );
}
