import { parseObject } from "../json/fields.ts";
import { overflows } from "../json/nonstandard_numbers.ts";

/** How a writer writes a time. */
const PLAIN_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** What a definition or marker that is read does otherwise than a writer may: for checks. */
export function definitionDeviations(bytes: Uint8Array, version: 0 | 1): string[] {
  const found: string[] = [];
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const json = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (json !== text) found.push("it starts with a byte order mark");
  try {
    JSON.parse(json);
    if (overflows(json)) found.push("a number is beyond the range of a double, and is taken as infinity");
  } catch {
    found.push("bare NaN or Infinity, which are not JSON");
  }
  if (version === 0) return found;
  const { createdAt } = parseObject(json, "");
  if (typeof createdAt !== "string" || !PLAIN_TIME.test(createdAt)) {
    found.push("`createdAt` is not written as in 2026-01-31T09:00:00.000Z");
  }
  return found;
}

/** The id that a definition which can be read says. */
export function idIn(bytes: Uint8Array): unknown {
  return parseObject(new TextDecoder().decode(bytes), "").id;
}
