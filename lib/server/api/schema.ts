import type { Json } from "../../base/json.ts";

/** The types of JSON that a schema distinguishes. */
export type TypeName = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/** What a value may be: the part of JSON Schema (2020-12) by which requests are checked. `false`: nothing. */
export type Schema = boolean | ObjectSchema;

/** A schema that is not just yes or no. */
export interface ObjectSchema {
  /** `#/components/schemas/NAME`. */
  readonly $ref?: string;
  readonly type?: TypeName | readonly TypeName[];
  readonly description?: string;
  readonly default?: Json;
  readonly examples?: readonly Json[];
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly pattern?: string;
  /** Characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly propertyNames?: Schema;
  readonly maxProperties?: number;
  readonly anyOf?: readonly Schema[];
}

/** Counts are exact in JSON up to this one. */
export const MAX_INTEGER = Number.MAX_SAFE_INTEGER;

/** What no text that dbx itself understands has in it. */
const NO_NUL = "^[^\\u0000]*$";

/** A text of so many characters at most, without NUL. */
export function text(maxLength: number, more: ObjectSchema = {}): ObjectSchema {
  return { type: "string", maxLength, pattern: NO_NUL, ...more };
}

/** A text like a pattern, which says how long it may be. */
export function like(pattern: string, more: ObjectSchema = {}): ObjectSchema {
  return { type: "string", pattern, ...more };
}

/** A whole number from 0. */
export function count(more: ObjectSchema = {}): ObjectSchema {
  return { type: "integer", minimum: 0, maximum: MAX_INTEGER, ...more };
}

/** An object with these members and, unless `more` says otherwise, no others. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = Object.keys(properties),
  more: ObjectSchema = {},
): ObjectSchema {
  return { type: "object", properties, required, additionalProperties: false, ...more };
}

/** A list. */
export function list(items: Schema, more: ObjectSchema = {}): ObjectSchema {
  return { type: "array", items, ...more };
}

/** One of some texts. */
export function oneOf(values: readonly string[], more: ObjectSchema = {}): ObjectSchema {
  return { type: "string", enum: values, ...more };
}

/** A named schema of the document. */
export function named(name: string): ObjectSchema {
  return { $ref: `#/components/schemas/${name}` };
}
