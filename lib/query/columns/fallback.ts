/**
 * What the column executor meets and did not plan for, such as a whole number beyond 2^53: the query is then run by SQLite.
 * Thrown anywhere in the executor, caught in one place, where a query is run.
 */
export class UnsupportedAtRuntime extends Error {
  override name = "Fallback";
}
