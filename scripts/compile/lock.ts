// What the executable needs of `deno.lock`: the compiler embeds every package that its lock names, and the one for tests
// and benchmarks is larger than all else together.

/** A lock file, as far as it matters here. */
export interface Lock {
  readonly version: string;
  readonly specifiers?: Readonly<Record<string, string>>;
  readonly npm?: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly integrity: string;
  readonly dependencies?: readonly string[];
  readonly optionalDependencies?: readonly string[];
}

/** The same lock with some packages (`name@version`) and what these need, and nothing else. */
export function lockOf(lock: Lock, packages: readonly string[]): Lock {
  const all = lock.npm ?? {};
  const kept = new Set<string>();
  const keep = (name: string): void => {
    const id = Object.hasOwn(all, name) ? name : Object.keys(all).find((key) => key.startsWith(`${name}@`));
    if (id === undefined) throw new Error(`Cannot compile: "${name}" is not in the lock; deno install brings it there`);
    if (kept.has(id)) return;
    kept.add(id);
    const { dependencies = [], optionalDependencies = [] } = all[id];
    [...dependencies, ...optionalDependencies].forEach(keep);
  };
  packages.forEach(keep);
  const roots = new Set(packages.map((name) => `npm:${name}`));
  return {
    version: lock.version,
    specifiers: Object.fromEntries(Object.entries(lock.specifiers ?? {}).filter(([name]) => roots.has(name))),
    npm: Object.fromEntries(Object.entries(all).filter(([id]) => kept.has(id))),
  };
}
