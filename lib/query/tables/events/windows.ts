import { columnsFor } from "../../../index/columns/event_columns.ts";
import { EventPath } from "../../../index/columns/event_path.ts";
import type { LogIndex, PartRef } from "../../../index/log_index.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import { coordinateColumn, coordinateOf } from "../../schema/coordinates.ts";
import { EventPatterns } from "./name_patterns.ts";
import { EventPruning } from "./prune.ts";
import type { Scan } from "../scan.ts";

/** A part of a log in the index, and the groups of it whose events may meet the conditions. */
export interface EventPart extends PartRef {
  /** The number of the log. */
  readonly log: number;
  readonly groups: readonly number[];
}

/** A log that is read beside the index. */
export interface EventLines {
  readonly log: number;
}

/** So many events are read ahead, so that columns that lie together are read at once. */
const MAX_EVENTS = 256 * 1024;
const MAX_PARTS = 1024;

/** Chooses the parts of logs that a scan of events needs, and reads their columns, some parts at once. */
export class EventWindows {
  /** What the columns of the scan are within the data. */
  readonly paths: readonly (EventPath | undefined)[];
  readonly #patterns: EventPatterns;
  readonly #pruning: EventPruning;
  readonly #columns: ReadonlySet<string>;
  readonly #indexes = new Set<LogIndex>();

  constructor(readonly scan: Scan) {
    this.#patterns = new EventPatterns(scan);
    this.#pruning = new EventPruning(scan);
    const own = scan.columns.map(({ table, column, path }) => table === "events" ? { column, path } : undefined);
    this.paths = own.map((it) => it?.column === "data" && it.path !== undefined ? new EventPath(it.path) : undefined);
    this.#columns = new Set(own.flatMap((it) => it === undefined ? [] : [it.column]));
  }

  *of(logs: Int32Array): Generator<readonly (EventPart | EventLines)[]> {
    let window: (EventPart | EventLines)[] = [];
    let events = 0;
    const all = this.scan.places.snapshot.logs;
    for (const log of logs) {
      this.#indexes.add(all.sourceOf(log).index);
      if (!all.isIndexed(log)) window.push({ log });
      else {
        for (const ref of all.parts(log)!) {
          const groups = this.#groups(ref);
          if (groups.length === 0) continue;
          window.push({ ...ref, log, groups });
          events += groups.reduce((sum, group) => sum + ref.pack.directory.groups.count[group], 0);
        }
      }
      if (events < MAX_EVENTS && window.length < MAX_PARTS) continue;
      yield this.#loaded(window);
      [window, events] = [[], 0];
    }
    yield this.#loaded(window);
  }

  /** Lets go of columns where too many are held. */
  trim(): void {
    for (const index of this.#indexes) index.trim();
  }

  #groups({ pack, part }: PartRef): number[] {
    const { parts, groups, strings } = pack.directory;
    const chosen: number[] = [];
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      if (this.#pruning.excludes(pack, group)) continue;
      if (this.#patterns.mayMatch(strings[groups.pattern[group]])) chosen.push(group);
    }
    return chosen;
  }

  #loaded(window: readonly (EventPart | EventLines)[]): readonly (EventPart | EventLines)[] {
    const wanted = new Map<Pack, number[]>();
    for (const part of window) {
      if (!("groups" in part)) continue;
      const { pack, groups, log } = part;
      let columns = wanted.get(pack);
      if (columns === undefined) wanted.set(pack, columns = []);
      for (const group of groups) this.#add(columns, pack, group, groups.length > 1, log);
    }
    for (const [pack, columns] of wanted) pack.prefetch([...new Set(columns)]);
    return window;
  }

  #add(columns: number[], pack: Pack, group: number, isOrdered: boolean, log: number): void {
    const { groups } = pack.directory;
    if (isOrdered || this.#columns.has("line")) columns.push(groups.line[group]);
    if (this.#columns.has("ts")) {
      columns.push(groups.ts[group]);
      if (this.scan.places.snapshot.logs.times(log) !== undefined) columns.push(groups.offset[group]);
    }
    for (const path of this.paths) if (path !== undefined) columns.push(...columnsFor(pack, group, path));
    for (const name of this.#columns) {
      const coordinate = coordinateOf(name);
      const column = coordinate === undefined ? undefined : coordinateColumn(pack, group, coordinate);
      if (column !== undefined) columns.push(column);
    }
    if (!this.#columns.has("event")) return;
    const { coordinates } = pack.directory;
    for (let at = groups.coordinatesFrom[group]; at < groups.coordinatesTo[group]; at++) {
      columns.push(coordinates.values[at]);
    }
  }
}
