import { ODD_NAMES } from "../../index/directory.ts";
import type { Pack } from "../../index/pack.ts";
import { coordinateColumn } from "./coordinates.ts";
import { nameOfPattern } from "./event_names.ts";
import { MAX_COORDINATES } from "./schema.ts";

/** A group of events in the index, and what it says of their names. */
export class EventSource {
  /** The name that all of them have; undefined where they differ. */
  readonly name: string | undefined;
  /** Whether the names stand in the lines only, as numbers in them begin with zeros. */
  readonly isOdd: boolean;
  /** The number of the name among those of the scan; -1 where they differ. */
  readonly code: number;
  /** The segments of the names, and which of them are numbers. */
  readonly #segments: string[];
  readonly #stars: readonly number[];
  readonly #coordinates: (Float64Array | undefined)[] = [];

  /** `codeOf`: numbers the names of a scan. */
  constructor(readonly pack: Pack, readonly group: number, codeOf: (name: string) => number) {
    const { groups, strings } = pack.directory;
    const pattern = strings[groups.pattern[group]];
    this.name = nameOfPattern(pattern);
    this.code = this.name === undefined ? -1 : codeOf(this.name);
    this.isOdd = this.name === undefined && (groups.flags[group] & ODD_NAMES) !== 0;
    const segments = this.name === undefined ? pattern.split("/") : [];
    this.#stars = segments.flatMap((segment, at) => segment === "*" ? [at] : []);
    this.#segments = segments.map((segment) => segment.replace(/\\(.)/gs, "$1"));
  }

  /** A coordinate of each event; undefined where they have fewer. */
  coordinates(coordinate: number): Float64Array | undefined {
    const known = this.#coordinates[coordinate];
    if (known !== undefined) return known;
    const column = coordinateColumn(this.pack, this.group, coordinate);
    return column === undefined ? undefined : this.#coordinates[coordinate] = this.pack.column(column);
  }

  /** The name of an event; undefined where only its line knows. */
  nameOf(row: number): string | undefined {
    if (this.name !== undefined || this.isOdd || this.#stars.length > MAX_COORDINATES) return this.name;
    const segments = this.#segments;
    for (let at = 0; at < this.#stars.length; at++) segments[this.#stars[at]] = String(this.coordinates(at)![row]);
    return segments.join("/");
  }
}
