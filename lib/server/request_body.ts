import { isObject } from "../base/json.ts";
import { type BodyLimits, readBody } from "./body.ts";
import { Refusal } from "./refusal.ts";

/** What bodies may be: bytes, as sent and unpacked, and milliseconds in which some must come. */
export const BODY: BodyLimits = { bytes: 16 * 1024 * 1024, patience: 30_000 };
/** Questions: the text of a query, and its parameters. */
export const QUERY_BODY: BodyLimits = { bytes: 2 * 1024 * 1024, patience: 30_000 };
/** What is read before it is known who asks; the whole of it within the time. */
export const STRANGER_BODY: BodyLimits = { bytes: 4096, patience: 5000, whole: 5000 };

/** The object in a request's body; an empty body is an empty object. */
export async function jsonBody(request: Request, limits: BodyLimits = BODY): Promise<Record<string, unknown>> {
  const bytes = await readBody(request, limits);
  if (bytes.length === 0) return {};
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal(400, "the body is no JSON");
  }
  if (!isObject(json)) throw new Refusal(400, "the body is no object");
  return json;
}

/** A text of an object. */
export function textOf(json: Record<string, unknown>, key: string): string | undefined {
  const value = json[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new Refusal(400, `"${key}" is no text`);
  return value;
}

/** A whole number of a query string, from 0. */
export function countOf(search: URLSearchParams, key: string): number | undefined {
  const text = search.get(key);
  if (text === null) return undefined;
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(value)) throw new Refusal(400, `"${key}" is no count`);
  return value;
}

/** Whether a query string says yes. */
export function flagOf(search: URLSearchParams, key: string): boolean {
  const text = search.get(key);
  return text !== null && text !== "0" && text !== "false";
}
