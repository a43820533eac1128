import { escapeName } from "../../format/events/series_key.ts";
import { SPECIAL_KEY } from "../../format/json/special_values.ts";
import type { Pack } from "../pack/pack.ts";

/** The strings of a pack that are about a path. */
export interface PathInPack {
  /** Those that are it, the first of which a row has is meant. */
  readonly exact: readonly number[];
  /** Those below it: where a row has one, the path leads to an object or an array. */
  readonly below: ReadonlySet<number>;
  /** Those above it: what is not taken apart there may hold it. */
  readonly above: ReadonlySet<number>;
}

/** A path within the data of events, as a query has it: a key with dots is met as it is written, too. */
export class EventPath {
  readonly #exact: readonly string[];
  readonly #known = new WeakMap<Pack, PathInPack>();
  /** Whether it leads into a special value, which the index does not keep as it is written. */
  readonly isSpecial: boolean;

  constructor(keys: readonly string[]) {
    this.#exact = splits(keys).map((names) => names.map(escapeName).join("."));
    this.isSpecial = keys.some((key) => key.includes(SPECIAL_KEY));
  }

  in(pack: Pack): PathInPack {
    let known = this.#known.get(pack);
    if (known === undefined) this.#known.set(pack, known = this.#find(pack.directory.strings));
    return known;
  }

  #find(strings: readonly string[]): PathInPack {
    const exact = this.#exact.map((path) => strings.indexOf(path)).filter((index) => index >= 0);
    const below = new Set<number>();
    const above = new Set<number>();
    const starts = this.#exact.map((path) => path + ".");
    strings.forEach((string, index) => {
      if (starts.some((start) => string.startsWith(start))) below.add(index);
      else if (this.#exact.some((path) => path.startsWith(string + "."))) above.add(index);
    });
    return { exact, below, above };
  }
}

/** The ways to read keys with neighbours joined by dots, in the order in which they are tried. */
function splits(keys: readonly string[]): string[][] {
  if (keys.length === 0) return [[]];
  const all: string[][] = [];
  for (let count = 1; count <= keys.length; count++) {
    const first = keys.slice(0, count).join(".");
    for (const rest of splits(keys.slice(count))) all.push([first, ...rest]);
  }
  return all;
}
