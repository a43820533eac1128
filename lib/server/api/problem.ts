import { lastSegment } from "../../base/paths.ts";
import { isObject, type Json } from "../../base/json.ts";
import type { ObjectSchema, Schema, TypeName } from "./schema.ts";

/** Named schemas. */
export type Named = Readonly<Record<string, Schema>>;

/** What a value is wrong in, as the end of a sentence that begins with its place; undefined where it is as a schema says. */
export function problemOf(value: unknown, schema: Schema, named: Named = {}, place = ""): string | undefined {
  if (schema === true) return undefined;
  const said = place === "" ? "the body" : `"${place}"`;
  if (schema === false) return `${said} may not be given here`;
  if (schema.$ref !== undefined) return problemOf(value, namedBy(schema.$ref, named), named, place);
  if (schema.type !== undefined) {
    const types = typeof schema.type === "string" ? [schema.type] : schema.type;
    if (!types.some((type) => isOf(value, type))) return `${said} is not ${types.map((type) => A[type]).join(" or ")}`;
  }
  if (schema.const !== undefined && value !== schema.const) return `${said} is not ${JSON.stringify(schema.const)}`;
  if (schema.enum !== undefined && !schema.enum.includes(value as Json)) {
    return `${said} is not one of ${schema.enum.map((item) => String(item)).join(", ")}`;
  }
  if (schema.anyOf !== undefined) {
    const problems = schema.anyOf.map((one) => problemOf(value, one, named, place));
    if (!problems.includes(undefined)) return nearest(value, schema.anyOf, problems as string[], named);
  }
  if (typeof value === "string") return ofText(value, schema, said);
  if (typeof value === "number") return ofNumber(value, schema, said);
  if (Array.isArray(value)) return ofList(value, schema, named, place, said);
  if (isObject(value)) return ofObject(value, schema, named, place, said);
}

/** What each type is called. */
const A: Readonly<Record<TypeName, string>> = {
  null: "null",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
  string: "a text",
  array: "a list",
  object: "an object",
};

function isOf(value: unknown, type: TypeName): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value as string === type;
  }
}

function namedBy(reference: string, named: Named): Schema {
  const name = lastSegment(reference);
  if (!Object.hasOwn(named, name)) throw new Error(`no schema is named "${name}"`);
  return named[name];
}

/** Of several ways, what is wrong by the one that was meant: the one whose constants fit. */
function nearest(value: unknown, ways: readonly Schema[], problems: readonly string[], named: Named): string {
  const meant = ways.findIndex((way) => {
    if (typeof way === "boolean" || way.properties === undefined || !isObject(value)) return false;
    return Object.entries(way.properties).some(([key, of]) =>
      typeof of === "object" && of.const !== undefined && problemOf(value[key], of, named) === undefined
    );
  });
  return problems[Math.max(0, meant)];
}

const patterns = new Map<string, RegExp>();

function ofText(text: string, { minLength = 0, maxLength = Infinity, pattern }: ObjectSchema, said: string) {
  // Characters are counted where their number matters; a text has no more of them than UTF-16 units.
  if (text.length < minLength) return `${said} has fewer than ${minLength} characters`;
  if (text.length > maxLength && (text.length > 2 * maxLength || [...text].length > maxLength)) {
    return `${said} has more than ${maxLength} characters`;
  }
  if (pattern === undefined) return undefined;
  let known = patterns.get(pattern);
  if (known === undefined) patterns.set(pattern, known = new RegExp(pattern, "u"));
  if (known.test(text)) return undefined;
  return text.includes("\0") ? `${said} has a NUL in it` : `${said} is malformed: see openapi.json`;
}

function ofNumber(value: number, schema: ObjectSchema, said: string): string | undefined {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMaximum = Infinity } = schema;
  if (value < minimum) return `${said} is less than ${minimum}`;
  if (value > maximum) return `${said} is more than ${maximum}`;
  if (value >= exclusiveMaximum) return `${said} is not below ${exclusiveMaximum}`;
}

function ofList(value: unknown[], schema: ObjectSchema, named: Named, place: string, said: string): string | undefined {
  const { items = true, prefixItems = [], minItems = 0, maxItems = Infinity } = schema;
  if (value.length < minItems) return `${said} has fewer than ${minItems} items`;
  if (value.length > maxItems) return `${said} has more than ${maxItems} items`;
  for (let at = 0; at < value.length; at++) {
    const of = prefixItems[at] ?? items;
    if (of === true) continue;
    const problem = problemOf(value[at], of, named, `${place}[${at}]`);
    if (problem !== undefined) return problem;
  }
}

function ofObject(
  value: Record<string, unknown>,
  schema: ObjectSchema,
  named: Named,
  place: string,
  said: string,
): string | undefined {
  const { properties = {}, required = [], additionalProperties = true, propertyNames, maxProperties } = schema;
  const keys = Object.keys(value);
  if (keys.length > (maxProperties ?? Infinity)) return `${said} has more than ${maxProperties} members`;
  for (const key of required) if (!Object.hasOwn(value, key)) return `${inside(place, key)} is missing`;
  for (const key of keys) {
    const isKnown = Object.hasOwn(properties, key);
    if (!isKnown && additionalProperties === false) return `${inside(place, key)} is unknown here`;
    const problem = propertyNames !== undefined && problemOf(key, propertyNames, named, `name of ${short(key)}`) ||
      problemOf(value[key], isKnown ? properties[key] : additionalProperties, named, under(place, key));
    if (problem !== undefined) return problem;
  }
}

function under(place: string, key: string): string {
  return place === "" ? short(key) : `${place}.${short(key)}`;
}

function inside(place: string, key: string): string {
  return `"${under(place, key)}"`;
}

function short(key: string): string {
  return key.length > 60 ? `${key.slice(0, 59)}…` : key;
}
