import type { BoundQuery } from "../bind/bound.ts";

/** Whether a query is about how long ago something was: what was seen for one may not serve another. */
export function dependsOnAge({ instances, used }: BoundQuery): boolean {
  return instances.some((instance) =>
    used.get(instance)?.some(({ column, name }) => (column ?? name.toLowerCase()) === "age_ms")
  );
}
