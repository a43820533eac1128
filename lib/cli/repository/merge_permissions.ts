import type { PermissionSet } from "../command.ts";

/** Several sets of permissions as one. */
export function mergePermissions(sets: readonly PermissionSet[]): PermissionSet {
  const all: Record<string, unknown> = {};
  for (const kind of ["read", "write", "run", "net", "env", "sys"] as const) {
    const values = sets.map((set) => set[kind]).filter((value) => value !== undefined);
    if (values.length > 0) all[kind] = values.includes(true) ? true : [...new Set(values.flat())];
  }
  return {
    ...all,
    programs: Object.assign({}, ...sets.map((set) => set.programs)),
    found: Object.assign({}, ...sets.map((set) => set.found)),
    tokens: Object.assign({}, ...sets.map((set) => set.tokens)),
    make: [...new Set(sets.flatMap((set) => set.make ?? []))],
    why: [...new Set(sets.flatMap((set) => set.why ?? []))],
  };
}
