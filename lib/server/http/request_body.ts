import type { BodyLimits } from "./read_body.ts";
import { HttpError } from "./http_error.ts";

/** What bodies may be: bytes, as sent and unpacked, and milliseconds in which some must come. */
export const BODY: BodyLimits = { bytes: 16 * 1024 * 1024, idleTimeoutMs: 30_000 };

/** A text of an object. */
export function textOf(json: Record<string, unknown>, key: string): string | undefined {
  const value = json[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new HttpError(400, `"${key}" must be a string`);
  return value;
}

/** A whole number of a query string, from 0. */
export function countOf(search: URLSearchParams, key: string): number | undefined {
  const text = search.get(key);
  if (text === null) return undefined;
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(value)) {
    throw new HttpError(400, `"${key}" must be a non-negative integer`);
  }
  return value;
}

/** Whether a query string says yes. */
export function flagOf(search: URLSearchParams, key: string): boolean {
  const text = search.get(key);
  return text !== null && text !== "0" && text !== "false";
}
