import type { JsonObject } from "../../base/json.ts";

/** The params in which experiments differ, most common first, as columns. */
export function differingParams(all: readonly JsonObject[], most: number): string[] {
  return differingKeys(all).slice(0, most).map(paramColumn);
}

/**
 * The keys that have several values, most common first. What only some have, all with one value, does not differ, unless
 * nothing else does.
 */
export function differingKeys(all: readonly Readonly<Record<string, unknown>>[]): string[] {
  const values = new Map<string, { readonly first: string; differs: boolean; count: number }>();
  for (const params of all) {
    for (const [key, value] of Object.entries(params)) {
      const known = values.get(key);
      if (known !== undefined) {
        known.count++;
        known.differs ||= known.first !== JSON.stringify(value);
      } else values.set(key, { first: JSON.stringify(value), differs: all.length === 1, count: 1 });
    }
  }
  const inOrder = [...values].sort(([, a], [, b]) => b.count - a.count);
  const differing = inOrder.filter(([, { differs }]) => differs);
  const some = differing.length > 0 ? differing : inOrder.filter(([, { count }]) => count < all.length);
  return some.map(([key]) => key);
}

/** The column of a param: its key is quoted where it has to be. */
export function paramColumn(key: string): string {
  return `params.${/[."]/.test(key) || key === "" ? `"${key.replaceAll('"', '""')}"` : key}`;
}
