import type { PartRef } from "../../../index/log_index.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import { columnRange } from "../column_range.ts";
import { excludes, type NumberCondition } from "../number_conditions.ts";

/** The events of some groups of one part of a log, in the order of their lines. */
export interface EventsInLineOrder {
  readonly count: number;
  /** Which of the groups, and which row of it, each event is; undefined: the rows of the one group, as they stand. */
  readonly order: { readonly group: Int32Array; readonly row: Int32Array } | undefined;
}

/** How many events a part of a log has. */
export function eventsIn({ pack, part }: PartRef): number {
  const { parts, groups } = pack.directory;
  let count = 0;
  for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) count += groups.count[group];
  return count;
}

/** Whether no event of a group can meet some conditions on its time. */
export function isOutsideTimeRange(pack: Pack, group: number, conditions: readonly NumberCondition[]): boolean {
  if (conditions.length === 0) return false;
  const range = columnRange(pack, pack.directory.groups.ts[group]);
  return range !== undefined && conditions.some((condition) => excludes(condition, range.from, range.to));
}

/** Puts the events of some groups of a part in the order of their lines. */
export function inOrder(pack: Pack, groups: readonly number[], lines: number): EventsInLineOrder {
  const { count } = pack.directory.groups;
  if (groups.length === 1) return { count: count[groups[0]], order: undefined };
  const total = groups.reduce((sum, group) => sum + count[group], 0);
  const [group, row] = [new Int32Array(total), new Int32Array(total)];
  // The place of each line among the events: lines are numbered from 0 in the part.
  const places = new Int32Array(lines + 1);
  const columns = groups.map((group) => pack.column(pack.directory.groups.line[group]));
  for (const column of columns) for (let at = 0; at < column.length; at++) places[column[at] + 1]++;
  for (let line = 0; line < lines; line++) places[line + 1] += places[line];
  columns.forEach((column, own) => {
    for (let at = 0; at < column.length; at++) {
      const place = places[column[at]];
      group[place] = own;
      row[place] = at;
    }
  });
  return { count: total, order: { group, row } };
}
