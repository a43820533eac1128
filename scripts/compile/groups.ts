// Which chunks of the bundle are loaded together.
import type { Chunk } from "./chunk.ts";

/** From this size on a chunk that no everyday command needs is a group of its own. */
const LARGE = 100_000;

/** Up to this size of all its code a worker is a small one: many are started, and each holds all that it loads. */
const SMALL = 500_000;

/** So many groups, the first ones, are usual: the main isolate loads one of them at once, the worker of a command all. */
export const USUAL = 3;

/**
 * The names of the chunks in each group: what the main isolate needs, what small workers need besides that, what the worker of
 * a command needs besides these, the others, and each large one of the others.
 */
export function groupsOf(
  chunks: ReadonlyMap<string, Chunk>,
  main: ReadonlySet<string>,
  worker: ReadonlySet<string>,
  workers: readonly string[],
): string[][] {
  const sizeOf = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + chunks.get(name)!.text.length, 0);
  const small = new Set(
    workers.map((name) => closureOf(chunks, [name])).filter((all) => sizeOf(all) <= SMALL).flatMap((all) => [...all]),
  );
  const others = [...chunks.keys()].filter((name) => !main.has(name) && !small.has(name) && !worker.has(name));
  const large = others.filter((name) => sizeOf([name]) >= LARGE);
  return [
    [...main],
    [...small].filter((name) => !main.has(name)),
    [...worker].filter((name) => !main.has(name) && !small.has(name)),
    others.filter((name) => !large.includes(name)),
    ...large.map((name) => [name]),
  ];
}

/** The groups that a chunk and all that it imports are in. */
export function groupsFor(
  name: string,
  chunks: ReadonlyMap<string, Chunk>,
  groups: readonly (readonly string[])[],
): number[] {
  const needed = closureOf(chunks, [name]);
  return [...groups.keys()].filter((group) => groups[group].some((chunk) => needed.has(chunk)));
}

/** Chunks and all that they import. */
function closureOf(chunks: ReadonlyMap<string, Chunk>, names: readonly string[]): Set<string> {
  const found = new Set(names);
  for (const name of found) {
    const chunk = chunks.get(name);
    if (chunk === undefined) throw new Error(`Cannot compile: the bundle has no ${name}`);
    for (const imported of chunk.imports) found.add(imported);
  }
  return found;
}
