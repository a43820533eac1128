import type { Store } from "../../store/store.ts";
import type { IndexFiles } from "../state/index_files.ts";
import { KnownLogs, type PartRef } from "../state/indexed_logs.ts";
import { MAX_PART_BYTES, MAX_PART_POINTS } from "../parse/parse_logs.ts";
import { choosePacks, MAX_PACK_BYTES, PART_WEIGHT } from "../pack/merge_policy.ts";
import { Pack } from "../pack/pack.ts";
import { PackBuilder } from "../pack/pack_builder.ts";
import { copyPart } from "../parts/copy_part.ts";
import { joinParts } from "../parts/join_parts.ts";
import { pathOf } from "../pack/part_path.ts";

/**
 * Puts packs together as long as the policy wants it; the packs that count then, in order, none of them published.
 *
 * @param all What the packs hold.
 */
export async function mergePacks(
  store: Store,
  files: IndexFiles,
  all: KnownLogs,
  signal?: AbortSignal,
): Promise<readonly Pack[]> {
  for (let known = all;;) {
    const used = known.partsInUse();
    const live = known.packs.filter((pack) => used.has(pack));
    const range = choosePacks(live.map((pack) => {
      const parts = pack.directory.parts.length;
      return { weight: Math.max(pack.size, parts * PART_WEIGHT), isMostlyDead: used.get(pack)! * 2 < parts };
    }));
    if (range === undefined) return live;
    const merged = await merge(store, files, live.slice(range.from, range.to), known, signal);
    known = new KnownLogs([...live.slice(0, range.from), ...merged, ...live.slice(range.to)]);
  }
}

async function merge(
  store: Store,
  files: IndexFiles,
  packs: readonly Pack[],
  known: KnownLogs,
  signal?: AbortSignal,
): Promise<Pack[]> {
  const merged: Pack[] = [];
  let builder = new PackBuilder(1 << 20);
  const close = () => {
    if (builder.parts > 0) merged.push(files.open(files.write(Pack.inMemory(builder))));
    builder = new PackBuilder(1 << 20);
  };
  for (const own of logsIn(packs, known)) {
    signal?.throwIfAborted();
    // What a log that was removed held is left out.
    if (await store.stat(pathOf(own[0].pack.directory, own[0].part)) === undefined) continue;
    for (const lot of batchesOf(own)) {
      if (builder.weight > MAX_PACK_BYTES) close();
      if (lot.length === 1) copyPart(builder, lot[0]);
      else joinParts(builder, lot);
    }
  }
  close();
  for (const pack of packs) pack.release();
  return merged;
}

/** The parts that count of each log that packs hold some of, as far as they are in these packs. */
function* logsIn(packs: readonly Pack[], known: KnownLogs): Generator<readonly PartRef[]> {
  const chosen = new Set(packs);
  for (const pack of packs) {
    const { directory } = pack;
    for (let part = 0; part < directory.parts.length; part++) {
      const log = known.find(pathOf(directory, part));
      const own = log === undefined ? [] : known.get(log).parts.filter(({ pack }) => chosen.has(pack));
      if (own.length > 0 && own[0].pack === pack && own[0].part === part) yield own;
    }
  }
}

/** Parts that follow one another, in lots that are no longer than a part may be. */
function batchesOf(refs: readonly PartRef[]): PartRef[][] {
  const lots: PartRef[][] = [];
  let [bytes, points] = [Infinity, Infinity];
  for (const ref of refs) {
    const [more, morePoints] = [bytesOf(ref), pointsOf(ref)];
    if (bytes + more > MAX_PART_BYTES || points + morePoints > MAX_PART_POINTS) {
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
