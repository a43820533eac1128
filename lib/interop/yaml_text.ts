// deno-lint-ignore no-import-prefix -- a URL import of the library has no import map
import { parse } from "npm:yaml@2.9.1";
import { isObject, setOwn } from "../base/json.ts";
import type { ForeignValue } from "./foreign.ts";
import { float, integer } from "./values.ts";

/**
 * The value of a text of YAML, with the types that YAML says. Tags of a program's own are passed over: nothing is made of
 * them but plain values.
 *
 * @throws {Error} Where it is not YAML, or its aliases make it too large.
 */
export function parseForeignYaml(text: string): ForeignValue {
  return plain(parse(text, { intAsBigInt: true, merge: true, logLevel: "error", maxAliasCount: 1000 }), 0);
}

function plain(value: unknown, depth: number): ForeignValue {
  if (depth > 400) throw new Error("it is nested too deep");
  if (typeof value === "bigint") return integer(value);
  if (typeof value === "number") return float(value);
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) return plain(Object.fromEntries(value), depth);
  if (value instanceof Set) return [...value].map((item) => plain(item, depth + 1));
  if (!isObject(value)) return value as ForeignValue;
  const object: Record<string, ForeignValue> = {};
  for (const [key, item] of Object.entries(value)) setOwn(object, key, plain(item, depth + 1));
  return object;
}
