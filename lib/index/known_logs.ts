import { TOO_MANY_SERIES } from "./directory.ts";
import type { LogFile, Start } from "./log_shredding.ts";
import type { Pack } from "./pack.ts";

/** A part of a log in a pack. */
export interface PartRef {
  readonly pack: Pack;
  /** Row in the directory. */
  readonly part: number;
}

/** What is known of a log. */
export interface Known {
  readonly parts: PartRef[];
  /** Where the last part ends. */
  to: number;
  lines: number;
  size: number;
  modifiedAt: number;
  head: number;
  tail: number;
  tooManySeries: boolean;
  /** What it is part of. */
  readonly of: ReadonlyMap<string, Known>;
}

const NOTHING = { to: 0, lines: 0, size: 0, modifiedAt: 0, head: 0, tail: 0, tooManySeries: false };

/** Takes the parts of a pack into what is known. One that starts a log replaces all earlier ones. */
export function addParts(known: Map<string, Known>, pack: Pack): void {
  const { parts, strings } = pack.directory;
  for (let part = 0; part < parts.length; part++) {
    const path = strings[parts.path[part]];
    let log = known.get(path);
    const from = parts.from[part];
    if (from === 0) known.set(path, log = { ...NOTHING, parts: [], of: known });
    else if (log === undefined || log.to !== from || log.tail !== parts.before[part]) {
      // What stood before it was in a pack that is gone.
      known.delete(path);
      continue;
    }
    log.parts.push({ pack, part });
    log.to = parts.to[part];
    log.lines = parts.firstLine[part] + parts.lines[part];
    log.size = parts.size[part];
    log.modifiedAt = parts.modifiedAt[part];
    log.head = parts.head[part];
    log.tail = parts.tail[part];
    log.tooManySeries ||= (parts.flags[part] & TOO_MANY_SERIES) !== 0;
  }
}

/** The parts of each pack that count, as parts from the start of a log replace earlier ones. */
export function partsInUse(known: ReadonlyMap<string, Known>): Map<Pack, Set<number>> {
  const used = new Map<Pack, Set<number>>();
  for (const { parts } of known.values()) {
    for (const { pack, part } of parts) {
      let own = used.get(pack);
      if (own === undefined) used.set(pack, own = new Set());
      own.add(part);
    }
  }
  return used;
}

/** Whether a log is as long and as old as it was when it was read. */
export function isSame(known: Known, log: LogFile): boolean {
  return known.size === log.size && known.modifiedAt === log.modifiedAt;
}

/** Where to go on with a log that is known and has grown. */
export function startAfter(known: Known): Start {
  return {
    from: known.to,
    lines: known.lines,
    tail: known.tail,
    base: (pattern, path) => {
      let count = 0;
      for (const { pack, part } of known.parts) {
        const { strings, parts, groups, series } = pack.directory;
        for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
          if (strings[groups.pattern[group]] !== pattern) continue;
          for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) {
            if (strings[series.path[at]] === path) count += series.count[at];
          }
        }
      }
      return count;
    },
  };
}

/** Every series that a log has. */
export function* keysOf({ parts: refs }: Known): Generator<readonly [pattern: string, path: string]> {
  for (const { pack, part } of refs) {
    const { strings, parts, groups, series } = pack.directory;
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) {
        yield [strings[groups.pattern[group]], strings[series.path[at]]];
      }
    }
  }
}
