import { isObject } from "../base/json.ts";
import { readBody } from "./body.ts";
import { Refusal } from "./refusal.ts";

/** Bytes of a body, as sent and unpacked, and milliseconds in which some must come. */
export const BODY = { bytes: 16 * 1024 * 1024, patience: 30_000 };

/** The object in a request's body; an empty body is an empty object. */
export async function jsonBody(request: Request): Promise<Record<string, unknown>> {
  const bytes = await readBody(request, BODY);
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
