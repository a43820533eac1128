import type { Pack } from "../../index/pack/pack.ts";

/** The number of the coordinate that a column such as `c0` is; otherwise undefined. */
export function coordinateOf(column: string): number | undefined {
  const match = /^c(\d+)$/.exec(column);
  return match === null ? undefined : Number(match[1]);
}

/** The column of a pack that holds a coordinate of the names of a group, from the left; undefined where they have fewer. */
export function coordinateColumn({ directory }: Pack, group: number, coordinate: number): number | undefined {
  const { groups, coordinates } = directory;
  const at = groups.coordinatesFrom[group] + coordinate;
  return at < groups.coordinatesTo[group] ? coordinates.values[at] : undefined;
}
