import type { LogEvent } from "../format/events/event.ts";
import type { LogReader } from "../repo/logs/log_reader.ts";
import type { Pack } from "./pack/pack.ts";

/** The event by which `dbx run` says how much of a log was there at a time. */
export const ARRIVAL_EVENT = "dbx/arrival";

/** Logs of which arrivals are remembered; more than a repository is likely to ask about at once. */
const MAX_REMEMBERED = 10_000;

/** When the lines of one log arrived: what stands in for times that they do not have. */
export class ArrivalTimes {
  /** The bytes that were there, ascending, and the times between which the new bytes arrived. */
  readonly #sizes: number[] = [];
  readonly #since: number[] = [];
  readonly #until: number[] = [];
  readonly #filled = new WeakMap<Pack, Map<number, Float64Array>>();

  /** Takes the next arrival. One that adds no bytes is skipped; times never go back. */
  add(size: number, since: number, until: number): void {
    if (!(size > (this.#sizes.at(-1) ?? 0))) return;
    const before = this.#until.at(-1) ?? -Infinity;
    const end = Math.max(until, before);
    this.#sizes.push(size);
    this.#since.push(Math.min(Math.max(since, before), end));
    this.#until.push(end);
  }

  get length(): number {
    return this.#sizes.length;
  }

  /** The time of the line that starts at an offset; undefined where no arrival covers it yet. */
  at(offset: number): number | undefined {
    const time = this.#at(offset, this.#search(offset));
    return time === time ? time : undefined;
  }

  /** The column of times of a group of events, where those that have none get that of their arrival. */
  fill(pack: Pack, group: number): Float64Array {
    let groups = this.#filled.get(pack);
    if (groups === undefined) this.#filled.set(pack, groups = new Map());
    let column = groups.get(group);
    if (column === undefined) groups.set(group, column = this.#fill(pack, group));
    return column;
  }

  #fill(pack: Pack, group: number): Float64Array {
    const { groups, parts } = pack.directory;
    const own = pack.column(groups.ts[group]);
    if (!own.some(Number.isNaN)) return own;
    const times = own.slice();
    const offsets = pack.column(groups.offset[group]);
    const from = parts.from[groups.part[group]];
    // Rows are in the order of the log, so the arrival only moves on.
    let arrival = this.#search(from + (offsets[0] ?? 0));
    for (let row = 0; row < times.length; row++) {
      if (times[row] === times[row]) continue;
      const offset = from + offsets[row];
      while (arrival < this.#sizes.length && this.#sizes[arrival] <= offset) arrival++;
      times[row] = this.#at(offset, arrival);
    }
    return times;
  }

  #at(offset: number, arrival: number): number {
    if (arrival >= this.#sizes.length) return NaN;
    const start = arrival === 0 ? 0 : this.#sizes[arrival - 1];
    const since = this.#since[arrival];
    // In this order most products are whole numbers, and exact.
    const grown = (this.#until[arrival] - since) * (offset - start);
    return Math.floor(since + grown / (this.#sizes[arrival] - start));
  }

  /** The first arrival that covers an offset. */
  #search(offset: number): number {
    let low = 0;
    let high = this.#sizes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sizes[middle] > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The arrivals that a log `dbx` holds, as far as it is read. */
interface Remembered {
  readonly modifiedAt: number;
  readonly size: number;
  /** Where reading goes on. */
  readonly end: number;
  /** By the name of the log: size, since, until. */
  readonly arrivals: Map<string, [size: number, since: number, until: number][]>;
}

/** Reads the arrivals of runs, each part of a log `dbx` once. */
export class ArrivalReader {
  readonly #known = new Map<string, Remembered>();

  /** The arrivals of a run's logs, by name. `stat`: of its log `dbx`. */
  async read(
    log: LogReader,
    stat: { readonly size: number; readonly modifiedAt: number },
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, ArrivalTimes>> {
    const known = await this.#remembered(log, stat, signal);
    return new Map(
      Array.from(known.arrivals, ([name, list]) => {
        const times = new ArrivalTimes();
        for (const [size, since, until] of list) times.add(size, since, until);
        return [name, times] as const;
      }),
    );
  }

  async #remembered(
    log: LogReader,
    { size, modifiedAt }: { readonly size: number; readonly modifiedAt: number },
    signal?: AbortSignal,
  ): Promise<Remembered> {
    const before = this.#known.get(log.file);
    // A time below zero proves nothing, see `LogFile`.
    if (before?.size === size && before.modifiedAt === modifiedAt && modifiedAt >= 0) return before;
    // A log only grows; one that did not, but changed, is another one.
    const isGrown = before !== undefined && before.size < size;
    const arrivals = isGrown ? before.arrivals : new Map<string, [number, number, number][]>();
    let end = isGrown ? before.end : 0;
    for await (const batch of log.batches({ offset: end, signal })) {
      for (const event of batch) {
        const arrival = arrivalOf(event);
        if (arrival === undefined) continue;
        const [name, ...times] = arrival;
        const list = arrivals.get(name);
        if (list === undefined) arrivals.set(name, [times]);
        else list.push(times);
      }
      end = batch.at(-1)!.end;
    }
    const known = { modifiedAt, size, end, arrivals };
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(log.file, known);
    return known;
  }
}

/** What an event says of a log; undefined for any other event, and for what is malformed. */
function arrivalOf({ event, ts, data }: LogEvent): [string, number, number, number] | undefined {
  if (event !== ARRIVAL_EVENT || ts === undefined) return undefined;
  const { log, size, since } = data;
  if (typeof log !== "string" || typeof size !== "number" || !(size > 0)) return undefined;
  return [log, size, typeof since === "number" ? since : ts, ts];
}
