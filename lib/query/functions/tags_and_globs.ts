import { glob } from "../../base/glob.ts";
import type { Value } from "../values/value.ts";
import { toText } from "../values/convert.ts";
import type { ScalarFunction } from "./function.ts";

/**
 * Whether the text of a JSON array has a text among its items. NULL where one of both is NULL; what is not an array has
 * none.
 */
function hasTag(tags: Value, tag: Value): Value {
  if (tags === null || tag === null) return null;
  return itemsOf(toText(tags)).includes(toText(tag)) ? 1n : 0n;
}

function itemsOf(json: string): readonly unknown[] {
  try {
    const items: unknown = JSON.parse(json);
    return Array.isArray(items) ? items : [];
  } catch {
    return [];
  }
}

/** Whether a text is like a glob with `*` and `?`. NULL where one of both is NULL. */
function globMatch(text: Value, pattern: Value): Value {
  if (text === null || pattern === null) return null;
  return glob(toText(pattern))(toText(text)) ? 1n : 0n;
}

/** Functions for the conditions of lists of experiments. */
export const TAG_AND_GLOB_FUNCTIONS: readonly ScalarFunction[] = [
  { name: "has_tag", least: 2, most: 2, isGiven: true, isOwn: true, compute: hasTag },
  { name: "fits", least: 2, most: 2, isGiven: true, isOwn: true, compute: globMatch },
];
