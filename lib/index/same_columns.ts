import { NONE } from "./directory.ts";
import type { Known } from "./known_logs.ts";
import { DamagedPack } from "./pack.ts";

/** Whether two readings of a log gave the same; false where a pack that holds one is damaged. */
export function sameColumns(a: Known, b: Known): boolean {
  try {
    return areSame(a, b);
  } catch (error) {
    if (error instanceof DamagedPack) return false;
    throw error;
  }
}

function areSame(a: Known, b: Known): boolean {
  const [x, y] = [seriesIn(a), seriesIn(b)];
  if (a.to !== b.to || a.lines !== b.lines || a.tooManySeries !== b.tooManySeries || x.size !== y.size) return false;
  for (const [key, values] of x) {
    const others = y.get(key);
    if (others?.length !== values.length || !values.every((value, at) => Object.is(value, others[at]))) return false;
  }
  return true;
}

/** All numbers of a log, by what they are. */
function seriesIn({ parts }: Known): Map<string, number[]> {
  const all = new Map<string, number[]>();
  const add = (key: string, values: Iterable<number>) => {
    const list = all.get(key) ?? [];
    all.set(key, list);
    for (const value of values) list.push(value);
  };
  for (const { pack, part } of parts) {
    const { strings, parts, groups, series } = pack.directory;
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      const pattern = strings[groups.pattern[group]];
      for (const name of ["ts", "step"] as const) add(`${pattern} ${name}`, pack.column(groups[name][group]));
      for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) {
        const key = `${pattern}:${strings[series.path[at]]}`;
        add(key, pack.column(series.values[at]));
        if (series.rows[at] !== NONE) add(`${key} rows`, pack.column(series.rows[at]));
      }
    }
    pack.release();
  }
  return all;
}
