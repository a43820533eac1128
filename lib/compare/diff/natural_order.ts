const collator = new Intl.Collator("en", { numeric: true });

/**
 * Orders texts as people do: `layer2` before `layer10`, and what are numbers by their size. Texts that the collator holds for
 * equal are in the order of their bytes.
 */
export function compareNaturally(a: string, b: string): number {
  const [x, y] = [numberIn(a), numberIn(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y) && x !== y) return x - y;
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

function numberIn(text: string): number {
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN;
}
