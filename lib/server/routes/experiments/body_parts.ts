// What the bodies of experiments, runs and notes share.
import { list, type ObjectSchema, type Schema, text } from "../../api/schema.ts";

/** Bytes that a word of a command line, or a variable of its environment, may have on Linux. */
const WORD = text(128 * 1024);
export const WORDS = list(WORD, { maxItems: 10_000 });
export const VARIABLES: ObjectSchema = {
  type: "object",
  propertyNames: text(4096),
  additionalProperties: WORD,
  maxProperties: 10_000,
};
export const PATH = text(4096);

/** Members that a definition may have beside those that it must. */
export const FREE = { maxProperties: 1000, propertyNames: text(256) };

/** Members that may not be given, because the server sets them itself. */
export function reportedFields(names: readonly string[]): Record<string, Schema> {
  return Object.fromEntries(names.map((name) => [name, false]));
}
