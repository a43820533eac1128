import type { Value } from "../result/value.ts";
import { toText } from "../values/convert.ts";
import type { ScalarFunction } from "./function.ts";

/** Whether the text of a JSON array has a text among its items. NULL where one of both is NULL; what is no array has none. */
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

/** Functions of the tags of experiments. */
export const TAG_FUNCTIONS: readonly ScalarFunction[] = [
  { name: "has_tag", least: 2, most: 2, isGiven: true, isOwn: true, compute: hasTag },
];
