import { isObject, type Json, type JsonObject } from "../../base/json.ts";
import { compareNaturally } from "./natural_order.ts";
import { type Section, SECTIONS, type Subject } from "./subject.ts";

/** One thing that is compared. */
export interface DiffRow {
  readonly section: Section | "metrics";
  /** `optimizer.lr`; of metrics the series and the statistic. */
  readonly key: string;
  /** One per subject, in their order; undefined where there is no such thing. */
  readonly values: readonly (Json | undefined)[];
  /** Whether one is another than the first. */
  readonly differs: boolean;
}

/** What is known of the subjects, side by side. */
export function factRows(subjects: readonly Subject[]): DiffRow[] {
  return SECTIONS.flatMap((section) => {
    const flat = subjects.map(({ facts }) => flatten(facts[section]));
    const keys = new Set(flat.flatMap((facts) => [...facts.keys()]));
    const inOrder = section === "experiment" ? [...keys] : [...keys].sort(compareNaturally);
    return inOrder.map((key) => rowOf(section, key, flat.map((facts) => facts.get(key))));
  });
}

/** A row of values. */
export function rowOf(section: DiffRow["section"], key: string, values: readonly (Json | undefined)[]): DiffRow {
  const texts = values.map((value) => value === undefined ? undefined : JSON.stringify(sorted(value)));
  return { section, key, values, differs: texts.some((text) => text !== texts[0]) };
}

/** The leaves of an object by their paths; a list is a leaf. */
function flatten(object: JsonObject, before = "", into: Map<string, Json> = new Map()): Map<string, Json> {
  for (const [key, value] of Object.entries(object)) {
    const path = before === "" ? key : `${before}.${key}`;
    if (isObject(value) && value._dbx === undefined && Object.keys(value).length > 0) {
      flatten(value as JsonObject, path, into);
    } else into.set(path, value as Json);
  }
  return into;
}

/** A value whose objects list their keys in one order. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted((value as JsonObject)[key])]));
}
