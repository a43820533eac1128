// Which chunks of the bundle are loaded together.
import type { Chunk } from "./chunk.ts";

/** From this size on a chunk that no everyday command needs is a group of its own. */
const LARGE = 100_000;

/** The groups that each worker loads at once; the main isolate loads the first one only. */
export const ALWAYS = 2;

/**
 * The names of the chunks in each group: what the main isolate needs, what workers need besides that, the others, and each
 * large one of the others.
 */
export function groupsOf(
  chunks: ReadonlyMap<string, Chunk>,
  main: ReadonlySet<string>,
  worker: ReadonlySet<string>,
): string[][] {
  const others = [...chunks.keys()].filter((name) => !main.has(name) && !worker.has(name));
  const large = others.filter((name) => chunks.get(name)!.text.length >= LARGE);
  return [
    [...main],
    [...worker].filter((name) => !main.has(name)),
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
