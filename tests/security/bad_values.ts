// Values that a schema does not allow, made from the schema.
import type { Json } from "../../lib/base/json.ts";
import type { ObjectSchema, Schema } from "../../lib/server/api/schema.ts";
import { SCHEMAS } from "../../lib/server/api/schemas.ts";

/** A value as it stands in JSON, and what is wrong with it. */
export interface Bad {
  readonly what: string;
  readonly json: string;
}

/** Nests deeper than any request may, in a few bytes. */
export const DEEP = "[".repeat(20_000) + "]".repeat(20_000);

/** Wrong wherever they stand: not as JSON is exchanged. */
export const ALWAYS: readonly Bad[] = [
  { what: "half of a surrogate pair", json: `"a\\ud800"` },
  { what: "half of a surrogate pair in a name", json: `{"\\udc00":1}` },
  { what: "a number beyond a double", json: "1e400" },
  { what: "a number beyond a double below", json: "-1e999" },
  { what: "a name twice", json: `{"a":1,"\\u0061":2}` },
  { what: "a name twice, deep", json: `[{"b":{"":1,"":2}}]` },
  { what: "too deep", json: DEEP },
  { what: "too many parts", json: `[${"0,".repeat(600_000)}0]` },
  { what: "no JSON", json: "NaN" },
];

/** What a schema does not allow, and what nothing allows. */
export function badValues(schema: Schema): Bad[] {
  const inside = isFree(schema)
    ? ALWAYS.map(({ what, json }) => ({ what: `${what}, inside`, json: `{"a":${json}}` }))
    : [];
  return [...ALWAYS, ...inside, ...wrong(schema).map(([what, value]) => ({ what, json: JSON.stringify(value) }))];
}

/** Whether a schema lets an object have members of any kind. */
export function isFree(schema: Schema): boolean {
  return typeof schema === "object" && schema.type === "object" && (schema.additionalProperties ?? true) === true;
}

/** Values of the types that a schema does not name. */
const TYPES: readonly (readonly [string, Json])[] = [
  ["null", null],
  ["boolean", true],
  ["integer", 7],
  ["number", 0.5],
  ["string", "x"],
  ["array", []],
  ["object", {}],
];

function wrong(schema: Schema): (readonly [what: string, value: Json])[] {
  if (schema === true) return [];
  if (schema === false) return [["it may not be there", "x"], ["it may not be there, nor be null", null]];
  if (schema.$ref !== undefined) return wrong((SCHEMAS as Record<string, Schema>)[schema.$ref.split("/").at(-1)!]);
  const { type, maxLength, minLength, minimum, maximum, exclusiveMaximum, maxItems, maxProperties, propertyNames } =
    schema;
  const types = type === undefined ? [] : [type].flat();
  const bad: (readonly [string, Json])[] = [];
  if (types.length > 0) {
    for (const [name, value] of TYPES) {
      const isAllowed = types.includes(name as never) || (name === "integer" && types.includes("number"));
      if (!isAllowed) bad.push([`of type ${name}`, value]);
    }
  }
  if (types.includes("string")) {
    if (maxLength !== undefined) bad.push(["too long", "x".repeat(maxLength + 1)]);
    if (minLength !== undefined) bad.push(["too short", ""]);
    if (schema.pattern !== undefined) bad.push(["with a NUL", "a\0b"]);
    if (schema.enum !== undefined) bad.push(["none of those", "none of those"]);
  }
  if (minimum !== undefined) bad.push(["too small", minimum - 1]);
  if (maximum !== undefined) bad.push(["too large", maximum * 2], ["huge", 1e300]);
  if (exclusiveMaximum !== undefined) bad.push(["not below", exclusiveMaximum]);
  if (maxItems !== undefined) bad.push(["too many items", Array(maxItems + 1).fill(0)]);
  if (maxProperties !== undefined) bad.push(["too many members", members(maxProperties + 1)]);
  if (longestName(propertyNames) !== undefined) {
    bad.push(["a long name", { ["n".repeat(longestName(propertyNames)! + 1)]: 1 }]);
  }
  if (typeof schema.items === "object") {
    bad.push(...wrong(schema.items).map(([what, value]) => [`an item ${what}`, [value] as Json] as const));
  }
  if (schema.prefixItems !== undefined) bad.push(["too long a list", Array(9).fill(0)]);
  if (typeof schema.additionalProperties === "object") {
    bad.push(
      ...wrong(schema.additionalProperties).map(([what, value]) => [`a member ${what}`, { a: value } as Json] as const),
    );
  }
  return bad;
}

function members(count: number): Json {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, at]));
}

function longestName(schema: Schema | undefined): number | undefined {
  return typeof schema === "object" ? schema.maxLength : undefined;
}

/** The members that a schema of an object, or of one of several, knows. */
export function membersOf({ properties, anyOf }: ObjectSchema): Record<string, Schema[]> {
  const all: Record<string, Schema[]> = {};
  const add = (of: Readonly<Record<string, Schema>>) => {
    for (const [name, schema] of Object.entries(of)) (all[name] ??= []).push(schema);
  };
  if (properties !== undefined) add(properties);
  for (const one of anyOf ?? []) if (typeof one === "object" && one.properties !== undefined) add(one.properties);
  return all;
}
