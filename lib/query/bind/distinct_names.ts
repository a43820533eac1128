/**
 * Names made distinct, so that each can be a key: of two `repo` the second is `repo_1`. No name that is there already is
 * taken, wherever it stands.
 */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const given = new Set<string>();
  const next = new Map<string, number>();
  return names.map((name) => {
    let found = name;
    if (given.has(name)) {
      let count = next.get(name) ?? 1;
      while (taken.has(found = `${name}_${count}`)) count++;
      next.set(name, count + 1);
      taken.add(found);
    }
    given.add(found);
    return found;
  });
}
