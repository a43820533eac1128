/** At most so many of them, the first and the last included, the others as far from each other as can be. */
export function spread<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, at) => items[Math.round(at * (items.length - 1) / Math.max(1, most - 1))]);
}
