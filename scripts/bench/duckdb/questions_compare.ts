/** How the rows of two engines differ, for people; "" where they are the same to 9 digits. */
export function difference(
  sql: string,
  ours: readonly (readonly unknown[])[],
  theirs: readonly (readonly unknown[])[],
): string {
  if (ours.length !== theirs.length) return `, ${ours.length} rows for ${theirs.length}`;
  const [a, b] = [ours, theirs].map((rows) => rows.map((row) => row.map(told)));
  if (firstOther(a, b) < 0) return "";
  a.sort(byText);
  b.sort(byText);
  const at = firstOther(a, b);
  const hasOrder = /\bORDER BY\b(?![^()]*\))/.test(sql);
  return at < 0 ? hasOrder ? ", in another order" : "" : `, ${JSON.stringify(a[at])} for ${JSON.stringify(b[at])}`;
}

function told(value: unknown): string | number | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value === "string" || typeof value === "number") return value;
  return Number(String(value));
}

type Told = readonly (string | number | null)[];

function firstOther(a: readonly Told[], b: readonly Told[]): number {
  return a.findIndex((row, at) => !row.every((value, column) => isAlike(value, b[at][column])));
}

function isAlike(a: string | number | null, b: string | number | null): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

function byText(a: Told, b: Told): number {
  const [left, right] = [a, b].map((row) => row.map((it) => typeof it === "number" ? it.toPrecision(9) : it).join());
  return left < right ? -1 : Number(left > right);
}
