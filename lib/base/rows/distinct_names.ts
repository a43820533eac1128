/** Names of columns, each once, for objects: of two `repo` the second is `repo_1`, or the next that is free. */
export function distinctNames(names: readonly string[]): string[] {
  const all = new Set(names);
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let number = 1; taken.has(free) || (free !== name && all.has(free)); number++) free = `${name}_${number}`;
    taken.add(free);
    return free;
  });
}
