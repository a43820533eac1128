/** A shorter word begins too many names to mean one of them. */
const MIN_BEGINNING = 2;

/**
 * The name of `names` that `word` most likely meant, or undefined if none is near: the shortest that it begins, else the one
 * with the fewest mistakes.
 */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  let begun: string | undefined;
  const lower = word.toLowerCase();
  for (const name of names) {
    const candidate = name.toLowerCase();
    if (word.length >= MIN_BEGINNING && candidate.startsWith(lower) && !(begun && begun.length <= name.length)) {
      begun = name;
    }
    const distance = editDistance(lower, candidate, bestDistance);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return begun ?? best;
}

/** `; did you mean "x"?` or nothing. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const name = nearest(word, names);
  return name === undefined ? "" : `; did you mean "${name}"?`;
}

/** Edits (insert, delete, replace, swap of neighbours) from `a` to `b`; `limit` or more is given as `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(previous[j] + 1, row[j - 1] + 1, replace);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return Math.min(previous[b.length], limit);
}
