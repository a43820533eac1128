// What the contracts of synchronisation share.
import { like, type ObjectSchema, type Schema } from "../../api/schema.ts";

/** One part of a name. */
export const PART = "(?![A-Za-z]:)[^./\\\\\\u0000-\\u001f\\u007f][^/\\\\\\u0000-\\u001f\\u007f]{0,254}";
/** What `kindOfName` takes, but for parts with more bytes than characters, and all of them together. */
export const FILE = like(
  "^(?:dbx\\.json|objects/([0-9a-f]{2})/\\1[0-9a-f]{62}|" +
    `(?!objects/)(?:${PART}/){0,62}[_0-9a-zA-Z]{13}/(?:${PART}/){0,62}${PART})$`,
  { maxLength: 4096, description: "the path of a file in the repository" },
);
/** Items of one question. */
export const MAX_ITEMS = 100_000;

/** A list with these items, of which the last ones may be missing. */
export function tuple(...items: readonly Schema[]): ObjectSchema {
  return { type: "array", prefixItems: items, items: false, minItems: 1 };
}
