import type { Store } from "../store/store.ts";
import type { IndexFiles } from "./index_files.ts";
import { addParts, type Known, type PartRef, partsInUse } from "./known_logs.ts";
import { LONGEST_PART, MOST_POINTS } from "./log_shredding.ts";
import { choosePacks, LONGEST_PACK } from "./merge_policy.ts";
import { Pack } from "./pack.ts";
import { PackBuilder } from "./pack_builder.ts";
import { copyPart } from "./part_copy.ts";
import { joinParts } from "./part_join.ts";

/** Puts packs together as long as the policy wants it; the packs that count then, in order, none of them published. */
export async function mergePacks(
  store: Store,
  files: IndexFiles,
  packs: readonly Pack[],
  signal?: AbortSignal,
): Promise<readonly Pack[]> {
  for (let current = packs;;) {
    const known = new Map<string, Known>();
    for (const pack of current) addParts(known, pack);
    const used = partsInUse(known);
    const live = current.filter((pack) => used.has(pack));
    const range = choosePacks(live.map((pack) => ({
      size: pack.size,
      isMostlyDead: used.get(pack)!.size * 2 < pack.directory.parts.length,
    })));
    if (range === undefined) return live;
    const merged = await merge(store, files, live.slice(range.from, range.to), known, signal);
    current = [...live.slice(0, range.from), ...merged, ...live.slice(range.to)];
  }
}

async function merge(
  store: Store,
  files: IndexFiles,
  packs: readonly Pack[],
  known: ReadonlyMap<string, Known>,
  signal?: AbortSignal,
): Promise<Pack[]> {
  const merged: Pack[] = [];
  let builder = new PackBuilder(1 << 20);
  const close = () => {
    if (builder.parts > 0) merged.push(files.open(files.write(Pack.inMemory(builder))));
    builder = new PackBuilder(1 << 20);
  };
  const chosen = new Set(packs);
  for (const [path, { parts }] of known) {
    const own = parts.filter(({ pack }) => chosen.has(pack));
    if (own.length === 0) continue;
    signal?.throwIfAborted();
    // What a log that was removed held is left out.
    if (await store.stat(path) === undefined) continue;
    for (const lot of lotsOf(own)) {
      if (builder.size > LONGEST_PACK) close();
      if (lot.length === 1) copyPart(builder, lot[0]);
      else joinParts(builder, lot);
    }
  }
  close();
  for (const pack of packs) pack.release();
  return merged;
}

/** Parts that follow one another, in lots that are no longer than a part may be. */
function lotsOf(refs: readonly PartRef[]): PartRef[][] {
  const lots: PartRef[][] = [];
  let [bytes, points] = [Infinity, Infinity];
  for (const ref of refs) {
    const [more, morePoints] = [bytesOf(ref), pointsOf(ref)];
    if (bytes + more > LONGEST_PART || points + morePoints > MOST_POINTS) {
      lots.push([]);
      [bytes, points] = [0, 0];
    }
    lots.at(-1)!.push(ref);
    bytes += more;
    points += morePoints;
  }
  return lots;
}

function bytesOf({ pack, part }: PartRef): number {
  const { from, to } = pack.directory.parts;
  return to[part] - from[part];
}

function pointsOf({ pack, part }: PartRef): number {
  const { parts, groups, series } = pack.directory;
  let points = 0;
  for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
    for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) points += series.count[at];
  }
  return points;
}
