import { isObject } from "../base/json.ts";
import { newId } from "../base/ids.ts";
import { TEMPORARY_PREFIX } from "../store/files.ts";
import { LocalStore } from "../store/local.ts";
import type { Store } from "../store/store.ts";

/** The file, beside what inventories learn, that says when a copy was last compared with which other one. */
const FILE = "compared";

/** Times of files may lag behind the clock by so many milliseconds. */
const GRAIN = 1000;

/** So many other copies are remembered. */
const MOST = 200;

/**
 * Until when equal length and equal time of change say that two files are the same, in milliseconds since the Unix epoch.
 * What changed after the last comparison of the two stores could be two different writes in one moment, and is compared by
 * its contents; so is everything between stores that were never compared.
 */
export function trustedUntil(a: Store, b: Store): number {
  for (const [own, other] of [[a, b], [b, a]]) {
    const time = read(own)[other.location];
    // A time to come is of a clock that has been set back since.
    if (time !== undefined && time <= Date.now()) return time - GRAIN;
  }
  return -Infinity;
}

/** Remembers that two stores were compared, from the time `at` on. Where that cannot be kept, they are compared again. */
export function rememberComparison(a: Store, b: Store, at: number): void {
  const own = fileOf(a) === undefined ? b : a;
  const file = fileOf(own);
  if (file === undefined) return;
  const { [own === a ? b.location : a.location]: _, ...others } = read(own);
  const kept = Object.entries(others).slice(-MOST + 1);
  const temporary = `${file.slice(0, file.lastIndexOf("/"))}/${TEMPORARY_PREFIX}${newId()}`;
  try {
    const times = Object.fromEntries([...kept, [own === a ? b.location : a.location, at]]);
    Deno.writeTextFileSync(temporary, JSON.stringify(times) + "\n");
    Deno.renameSync(temporary, file);
  } catch {
    try {
      Deno.removeSync(temporary);
    } catch {
      // It was never made.
    }
  }
}

function fileOf(store: Store): string | undefined {
  if (!(store instanceof LocalStore) || store.cache === undefined) return undefined;
  return store.cache.slice(0, store.cache.lastIndexOf("/") + 1) + FILE;
}

function read(store: Store): Record<string, number> {
  const file = fileOf(store);
  if (file === undefined) return {};
  try {
    const json: unknown = JSON.parse(Deno.readTextFileSync(file));
    const times = Object.entries(isObject(json) ? json : {}).filter(([, time]) => Number.isFinite(time));
    return Object.fromEntries(times) as Record<string, number>;
  } catch {
    return {};
  }
}
