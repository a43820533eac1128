const collator = new Intl.Collator("en", { numeric: true });

/** Orders texts as people do: `layer2` before `layer10`. Texts that the collator holds for equal are in the order of their bytes. */
export function compareNaturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
