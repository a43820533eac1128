import type { Bytes, Vector } from "../vector.ts";

/** What a line gives: an event, one that a check mentions as a note, damage, or nothing as it is not whole. */
export type Verdict = "event" | "note" | "damage" | "nothing";

/** The event of a line: its name, its time (null: none) and its data as JSON text. */
export type Value = readonly [event: string, ts: number | null, data: string];

/** Where a line stands, if not in the log `log` of v1. */
export interface Where {
  readonly version?: 0;
  readonly log?: string;
}

/** A line that is an event. A text gets its line feed; bytes in hexadecimal have one. */
export function event(id: string, line: string, value: Value, reason: string, where: Where = {}): Vector {
  return vector(id, { text: line + "\n" }, "event", value, reason, where);
}

/** A line that is an event, and that a check mentions. */
export function note(id: string, line: string, value: Value, reason: string, where: Where = {}): Vector {
  return vector(id, { text: line + "\n" }, "note", value, reason, where);
}

/** A line that is damage. */
export function damage(id: string, line: string | { readonly hex: string }, reason: string): Vector {
  return vector(id, typeof line === "string" ? { text: line + "\n" } : line, "damage", undefined, reason, {});
}

/** Bytes without a line feed. */
export function nothing(id: string, text: string, reason: string): Vector {
  return vector(id, { text }, "nothing", undefined, reason, {});
}

function vector(
  id: string,
  bytes: Bytes,
  verdict: Verdict,
  value: Value | undefined,
  reason: string,
  where: Where,
): Vector {
  const parsed = value && { event: value[0], ts: value[1], data: JSON.parse(value[2]) };
  return { id, ...where, ...bytes, verdict, ...parsed && { value: parsed }, reason };
}
