import { NotFoundError } from "../../base/errors.ts";
import type { Pack } from "../../index/pack.ts";
import type { LogRow } from "../snapshot/snapshot.ts";
import { coordinateIn, coordinatesIn, nameOfLine } from "./event_names.ts";
import { eachLine } from "./log_lines.ts";
import type { ReadOptions } from "./table_reader.ts";

/** The number of the coordinate that a column such as `c0` is; undefined where it is none. */
export function coordinateOf(column: string): number | undefined {
  const match = /^c(\d+)$/.exec(column);
  return match === null ? undefined : Number(match[1]);
}

/** The coordinates of groups of events, which the index does not keep: read from the names in the log. */
export class Coordinates {
  readonly #groups = new Map<Pack, Map<number, readonly Float64Array[]>>();

  /** Reads those of a group. */
  async load(pack: Pack, group: number, log: LogRow, options: ReadOptions): Promise<void> {
    let groups = this.#groups.get(pack);
    if (groups === undefined) this.#groups.set(pack, groups = new Map());
    if (!groups.has(group)) groups.set(group, await read(pack, group, log, options));
  }

  /** One of them for each event of a group; NaN where there is none. */
  of(pack: Pack, group: number, coordinate: number): Float64Array {
    const columns = this.#groups.get(pack)?.get(group);
    return columns?.[coordinate] ?? new Float64Array(pack.directory.groups.count[group]).fill(NaN);
  }

  /** Forgets what was read. */
  clear(): void {
    this.#groups.clear();
  }
}

async function read(
  pack: Pack,
  group: number,
  log: LogRow,
  { signal, report }: ReadOptions,
): Promise<readonly Float64Array[]> {
  const { groups, parts, strings } = pack.directory;
  const many = coordinatesIn(strings[groups.pattern[group]]);
  const columns = Array.from({ length: many }, () => new Float64Array(groups.count[group]).fill(NaN));
  if (many === 0) return columns;
  const from = parts.from[groups.part[group]];
  const offsets = pack.column(groups.offset[group]).map((offset) => from + offset);
  const reader = log.run.run.log(log.name);
  let found = 0;
  const bytes = await eachLine(reader.store, reader.file, offsets, (row, line) => {
    const name = nameOfLine(line, reader.version);
    if (name === undefined) return;
    found++;
    for (let at = 0; at < many; at++) columns[at][row] = coordinateIn(name, at);
  }, signal);
  if (report !== undefined) report.bytes += bytes;
  if (found < offsets.length) {
    throw new NotFoundError(
      `Cannot read "${reader.file}": it was removed or written anew while the query ran; run the query again`,
    );
  }
  return columns;
}
