// Parameters of a query string, which are as the route's contract says: that was checked before.

/** A whole number from 0. */
export function countOf(search: URLSearchParams, key: string): number | undefined {
  const text = search.get(key);
  return text === null ? undefined : Number(text);
}

/** Whether a query string says yes. */
export function flagOf(search: URLSearchParams, key: string): boolean {
  const text = search.get(key);
  return text === "1" || text === "true";
}
