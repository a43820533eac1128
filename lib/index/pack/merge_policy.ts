/** A pack as the policy sees it. */
export interface Mergeable {
  /** Bytes of its file, or {@linkcode PART_WEIGHT} for each of its parts where that is more. */
  readonly weight: number;
  /** Whether less than half of its parts count any more. */
  readonly isMostlyDead: boolean;
}

/** Packs, from one place in the list to before another. */
export interface PackRange {
  readonly from: number;
  readonly to: number;
}

/** A pack of this weight is closed: more is put into another one. */
export const MAX_PACK_BYTES = 32 * 1024 * 1024;
/** What a part weighs at least: a short one is a few hundred bytes of a file, but takes more to be made. */
export const PART_WEIGHT = 1024;

/** So many packs of a level become one of the next, which is as many times as large. */
const FACTOR = 4;
/** Smaller packs are all of the lowest level. */
const SMALLEST = 64 * 1024;
/** The level of packs that are not copied any more while most of what they hold counts. */
const CLOSED = levelOf(MAX_PACK_BYTES / 2);

/** So many parts are enough for a pack that is not copied any more. */
export const PARTS_OF_CLOSED = MAX_PACK_BYTES / 2 / PART_WEIGHT;

/** Smaller packs between closed ones, which no level brings together; more of them, and all are merged. */
const MAX_SMALL_PACKS = { beside: 24, perClosedPack: 4 };

/**
 * The packs to put into one, or undefined where that is not worth it. They stand side by side, as the order of packs says
 * which part of a log replaces which.
 *
 * Levels grow by a factor, as in a log-structured merge tree (O'Neil and others, 1996): what is written once is copied once
 * per level, so that all copying is in proportion to what was written, times the logarithm of what there is.
 */
export function choosePacks(packs: readonly Mergeable[]): PackRange | undefined {
  const dead = packs.findIndex((pack) => pack.isMostlyDead);
  if (dead >= 0) return { from: dead, to: dead + 1 };
  const levels = packs.map(({ weight }) => levelOf(weight));
  for (let level = 0; level < CLOSED; level++) {
    for (let from = 0; from < levels.length; from++) {
      let to = from;
      let count = 0;
      for (; to < levels.length && levels[to] <= level; to++) if (levels[to] === level) count++;
      if (count >= FACTOR) return { from, to };
      from = to;
    }
  }
  const bytes = packs.reduce((sum, { weight }) => sum + weight, 0);
  const most = MAX_SMALL_PACKS.beside + MAX_SMALL_PACKS.perClosedPack * Math.ceil(bytes / MAX_PACK_BYTES);
  return packs.length > most ? { from: 0, to: packs.length } : undefined;
}

function levelOf(weight: number): number {
  let level = 0;
  for (let least = SMALLEST; weight >= least; least *= FACTOR) level++;
  return level;
}
