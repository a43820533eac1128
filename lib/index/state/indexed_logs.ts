import { ENDS, TOO_MANY_SERIES } from "../pack/pack_footer.ts";
import type { LogFile, Start } from "./listed_log.ts";
import type { Pack } from "../pack/pack.ts";
import { PathBytes } from "./path_hash.ts";
import { pathOf } from "../pack/part_path.ts";
import { PathScan } from "./path_scan.ts";
import { PathTable } from "./path_table.ts";

/** A part of a log in a pack. */
export interface PartRef {
  readonly pack: Pack;
  /** Row in the directory. */
  readonly part: number;
}

/** What the last part of a log says of all of it. */
export interface IndexedLog {
  readonly parts: readonly PartRef[];
  /** Where the last part ends. */
  readonly to: number;
  readonly lines: number;
  readonly size: number;
  readonly modifiedAt: number;
  readonly head: number;
  readonly tail: number;
  readonly tooManySeries: boolean;
}

const asked = new PathBytes();

/** So many logs are looked for by going through all paths before a table of these is made, which takes as long as that. */
export const MAX_SCANS = 16;

/**
 * The logs that packs hold, in typed arrays: nothing is made for a log until it is asked about. A log is known by the number
 * of its last part, counted over all packs; a part that starts a log replaces all earlier ones.
 */
export class KnownLogs {
  /** The number of the first part of each pack. */
  readonly #starts: number[] = [];
  /** How many parts there are, those of `base` too. */
  readonly end: number;
  /** The part before each one in its log; -1: it starts it. */
  #before: Int32Array | undefined;
  #table: PathTable | undefined;
  /** Logs are only asked about one after the other: where the last one was found. */
  #place = 0;
  /** How many were looked for without a table. */
  #scans = 0;

  /**
   * @param base What is known already: the packs continue with its logs, and list only those that they have parts of.
   * @param before What `before` of the same packs was: then paths are looked through only where one is asked about.
   */
  constructor(readonly packs: readonly Pack[], readonly base?: KnownLogs, before?: Int32Array) {
    const first = base?.end ?? 0;
    let end = first;
    for (const { directory: { parts } } of packs) {
      this.#starts.push(end);
      end += parts.length;
    }
    this.end = end;
    this.#before = before;
    if (before === undefined) this.#build();
  }

  /** The part before each one in its log, of the packs; -1: it starts it. */
  get before(): Int32Array {
    if (this.#before === undefined) this.#build();
    return this.#before!;
  }

  get #paths(): PathTable {
    return this.#table ?? this.#build();
  }

  #build(): PathTable {
    const count = this.end - this.#first;
    const [before, table] = [new Int32Array(count).fill(-1), new PathTable(count)];
    for (let at = 0; at < this.packs.length; at++) this.#add(at, this.#starts[at], before, table);
    [this.#before, this.#table] = [before, table];
    return table;
  }

  #add(at: number, first: number, numbers: Int32Array, table: PathTable): void {
    const { directory } = this.packs[at];
    const { parts } = directory;
    table.open(directory);
    for (let part = 0; part < parts.length; part++) {
      const slot = table.slotOf(directory, part);
      const from = parts.from[part];
      if (from > 0) {
        const last = table.valueAt(slot) ?? this.base?.find(pathOf(directory, part));
        if (last === undefined || !this.#follows(last, from, parts.before[part])) {
          // What stood before it was in a pack that is gone.
          table.remove(slot);
          continue;
        }
        numbers[first + part - this.#first] = last;
      }
      table.set(slot, first + part, directory, part);
    }
  }

  #follows(last: number, from: number, before: number): boolean {
    const { pack, part } = this.#part(last);
    const { to, tail } = pack.directory.parts;
    return to[part] === from && tail[part] === before;
  }

  get #first(): number {
    return this.base?.end ?? 0;
  }

  /** How many logs the packs have, but for those of `base`. */
  get size(): number {
    return this.#paths.size;
  }

  /** A log by its path; undefined where it is not known. */
  find(path: string): number | undefined {
    return this.findOwn(path) ?? this.base?.find(path);
  }

  /** The same, but not in `base`. */
  findOwn(path: string): number | undefined {
    if (this.#table === undefined && this.#scans++ < MAX_SCANS) return this.#scan(path);
    if (this.#paths.size === 0) return undefined;
    asked.set(path);
    return this.#paths.find(asked);
  }

  #scan(path: string): number | undefined {
    const scan = new PathScan(path);
    for (let at = this.packs.length - 1; at >= 0; at--) {
      const { directory } = this.packs[at];
      const part = scan.lastPartIn(directory);
      if (part === undefined) continue;
      const number = this.#starts[at] + part;
      // Of a part that does not follow on another one, what stood before it is gone, and so is the log.
      const isGone = directory.parts.from[part] > 0 && this.#partBefore(number) < 0;
      return isGone ? undefined : number;
    }
  }

  /** Every log that the packs have, but for those of `base`, in the order of their last parts. */
  *logs(): Generator<number> {
    yield* this.#paths.values();
  }

  /** Whether a log is as long and as old as it was when it was read, and its times prove that it is the same. */
  isSame(log: number, { size, modifiedAt }: Pick<LogFile, "size" | "modifiedAt">): boolean {
    const { pack: { directory: { parts } }, part } = this.#part(log);
    return parts.size[part] === size && parts.modifiedAt[part] === modifiedAt && modifiedAt >= 0;
  }

  /** How long a log was when it was read. */
  sizeOf(log: number): number {
    if (log < this.#first) return this.base!.sizeOf(log);
    const at = this.#packOf(log);
    return this.packs[at].directory.parts.size[log - this.#starts[at]];
  }

  /** How long and how old a log was when it was read. */
  seen(log: number): Pick<LogFile, "size" | "modifiedAt"> {
    const { pack: { directory: { parts } }, part } = this.#part(log);
    return { size: parts.size[part], modifiedAt: parts.modifiedAt[part] };
  }

  /** What a log was like when it was read to its last byte, that is the end of a run, and its times prove it; else undefined. */
  seenAtEnd(log: number): { readonly size: number; readonly modifiedAt: number } | undefined {
    const { pack: { directory: { parts } }, part } = this.#part(log);
    const [size, modifiedAt] = [parts.size[part], parts.modifiedAt[part]];
    if (parts.to[part] !== size || modifiedAt < 0) return undefined;
    return this.#flags(log) & ENDS ? { size, modifiedAt } : undefined;
  }

  #flags(log: number): number {
    let flags = 0;
    for (let at = log; at >= 0; at = this.#partBefore(at)) {
      const { pack, part } = this.#part(at);
      flags |= pack.directory.parts.flags[part];
    }
    return flags;
  }

  /** The parts of a log, from its start; undefined where it has too many series for the index. */
  parts(log: number): readonly PartRef[] | undefined {
    const last = this.#part(log);
    if (this.#partBefore(log) < 0) {
      return last.pack.directory.parts.flags[last.part] & TOO_MANY_SERIES ? undefined : [last];
    }
    return this.#flags(log) & TOO_MANY_SERIES ? undefined : this.#parts(log);
  }

  #parts(log: number): PartRef[] {
    if (this.#partBefore(log) < 0) return [this.#part(log)];
    const all: PartRef[] = [];
    for (let at = log; at >= 0; at = this.#partBefore(at)) all.push(this.#part(at));
    return all.reverse();
  }

  /** All that is known of a log. */
  get(log: number): IndexedLog {
    const parts = this.#parts(log);
    const { pack, part } = parts.at(-1)!;
    const own = pack.directory.parts;
    return {
      parts,
      to: own.to[part],
      lines: own.firstLine[part] + own.lines[part],
      size: own.size[part],
      modifiedAt: own.modifiedAt[part],
      head: own.head[part],
      tail: own.tail[part],
      tooManySeries: (this.#flags(log) & TOO_MANY_SERIES) !== 0,
    };
  }

  #partBefore(number: number): number {
    const own = number - this.#first;
    return own >= 0 ? this.before[own] : this.base!.#partBefore(number);
  }

  #part(number: number): PartRef {
    if (number < this.#first) return this.base!.#part(number);
    const at = this.#packOf(number);
    return { pack: this.packs[at], part: number - this.#starts[at] };
  }

  /** The pack, of these, that has a part. */
  #packOf(number: number): number {
    const starts = this.#starts;
    let at = this.#place;
    if (at >= starts.length || number < starts[at]) at = 0;
    while (at + 1 < starts.length && starts[at + 1] <= number) at++;
    return this.#place = at;
  }

  /** How many parts of each pack count. */
  partsInUse(): Map<Pack, number> {
    const used = new Map<Pack, number>();
    for (const log of this.logs()) {
      for (let at = log; at >= this.#first; at = this.#partBefore(at)) {
        const { pack } = this.#part(at);
        used.set(pack, (used.get(pack) ?? 0) + 1);
      }
    }
    return used;
  }
}

/** Where to go on with a log that is known and has grown. */
export function startAfter({ parts, to, lines, tail }: IndexedLog): Start {
  return {
    from: to,
    lines,
    tail,
    base: (pattern, path) => {
      let count = 0;
      for (const { pack, part } of parts) {
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
export function* keysOf({ parts: refs }: IndexedLog): Generator<readonly [pattern: string, path: string]> {
  for (const { pack, part } of refs) {
    const { strings, parts, groups, series } = pack.directory;
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) {
        yield [strings[groups.pattern[group]], strings[series.path[at]]];
      }
    }
  }
}
