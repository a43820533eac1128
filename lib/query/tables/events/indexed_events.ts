import { coordinateOf, type EventColumn, eventColumn, eventNames } from "../../../index/columns/event_columns.ts";
import type { EventPath } from "../../../index/columns/event_path.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import type { LogRow } from "../../snapshot/snapshot.ts";
import type { EventSource } from "./source.ts";

/** A group of events in the index. */
export class IndexedEvents implements EventSource {
  readonly version: 0 | 1;
  readonly #columns: (EventColumn | undefined)[] = [];
  #names: string | ((row: number) => string) | undefined;
  #hasNames = false;
  #lines: Float64Array | undefined;

  /** `paths`: what the columns of the scan are within the data. */
  constructor(
    readonly log: number,
    readonly row: LogRow,
    readonly pack: Pack,
    readonly group: number,
    readonly paths: readonly (EventPath | undefined)[],
  ) {
    this.version = row.file.version;
  }

  get count(): number {
    return this.pack.directory.groups.count[this.group];
  }

  ts(): Float64Array {
    const { times } = this.row;
    return times === undefined ? this.#column("ts") : times.fill(this.pack, this.group);
  }

  lines(): Float64Array {
    return this.#lines ??= shifted(this.#column("line"), this.#part("firstLine") + 1);
  }

  offsets(): Float64Array {
    return shifted(this.#column("offset"), this.#part("from"));
  }

  names(): string | ((row: number) => string) | undefined {
    if (!this.#hasNames) this.#names = eventNames(this.pack, this.group);
    this.#hasNames = true;
    return this.#names;
  }

  coordinate(coordinate: number): Float64Array | undefined {
    return coordinateOf(this.pack, this.group, coordinate);
  }

  data(column: number): EventColumn {
    return this.#columns[column] ??= eventColumn(this.pack, this.group, this.paths[column]!);
  }

  text(): undefined {
    return undefined;
  }

  #column(name: "ts" | "line" | "offset"): Float64Array {
    return this.pack.column(this.pack.directory.groups[name][this.group]);
  }

  #part(name: "firstLine" | "from"): number {
    const { parts, groups } = this.pack.directory;
    return parts[name][groups.part[this.group]];
  }
}

function shifted(column: Float64Array, by: number): Float64Array {
  return by === 0 ? column : column.map((value) => value + by);
}
