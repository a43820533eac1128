import type { Value } from "../../result/value.ts";
import { toText } from "../../values/convert.ts";
import { globMatcher, likeMatcher, type Matcher } from "../../values/pattern.ts";
import { Fallback } from "../fallback.ts";

const encoder = new TextEncoder();

/** The longest pattern that SQLite takes, in bytes. */
const LONGEST_PATTERN = 50_000;

/** What a pattern matches; undefined: what it says is NULL whatever the text. */
export function matcherOf(op: "LIKE" | "GLOB", pattern: Value, escape?: Value): Matcher | undefined {
  if (pattern === null || escape === null) return undefined;
  const text = toText(pattern);
  if (text.length * 3 > LONGEST_PATTERN && encoder.encode(text).length > LONGEST_PATTERN) {
    throw new Fallback("a pattern that is too long");
  }
  if (op === "GLOB") return globMatcher(text);
  if (escape === undefined) return likeMatcher(text, undefined);
  const characters = [...toText(escape)];
  if (characters.length !== 1) throw new Fallback("an ESCAPE that is not one character");
  return likeMatcher(text, characters[0].codePointAt(0));
}
