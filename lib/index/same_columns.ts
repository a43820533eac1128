import { NONE, NUMBERS, ONE_WORD } from "./pack/pack_footer.ts";
import type { IndexedLog } from "./state/indexed_logs.ts";
import { DamagedPack, type Pack } from "./pack/pack.ts";
import { Code } from "./encoding/word_table.ts";

/**
 * Whether two readings of a log gave the same, however it is cut into parts; false if a pack that holds one is damaged.
 */
export function sameColumns(a: IndexedLog, b: IndexedLog): boolean {
  try {
    return areSame(a, b);
  } catch (error) {
    if (error instanceof DamagedPack) return false;
    throw error;
  }
}

type Column = (number | string)[];

function areSame(a: IndexedLog, b: IndexedLog): boolean {
  const [x, y] = [columnsOf(a), columnsOf(b)];
  if (a.to !== b.to || a.lines !== b.lines || a.tooManySeries !== b.tooManySeries || x.size !== y.size) return false;
  for (const [key, values] of x) {
    const others = y.get(key);
    if (others?.length !== values.length) return false;
    // Whether a text is kept depends on how the log is cut into parts.
    const areEqual = (value: number | string, other: number | string) =>
      Object.is(value, other) || value === UNKNOWN || other === UNKNOWN;
    if (!values.every((value, at) => areEqual(value, others[at]))) return false;
  }
  return true;
}

/** Stands for what has to be read from the line. */
const UNKNOWN = "unknown";

/** All columns of a log, by what they are. Rows, lines and offsets are counted from its start. */
function columnsOf({ parts }: IndexedLog): Map<string, Column> {
  const all = new Map<string, Column>();
  const rows = new Map<string, number>();
  for (const { pack, part } of parts) {
    const { strings, parts, groups } = pack.directory;
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      const pattern = strings[groups.pattern[group]];
      const before = rows.get(pattern) ?? 0;
      addGroup(all, pack, part, group, before);
      rows.set(pattern, before + groups.count[group]);
    }
    pack.release();
  }
  return all;
}

function addGroup(all: Map<string, Column>, pack: Pack, part: number, group: number, before: number): void {
  const { strings, parts, groups, coordinates, series, leaves } = pack.directory;
  const pattern = strings[groups.pattern[group]];
  const add = (name: string, values: Iterable<number | string>, added = 0) => {
    const key = `${pattern} ${name}`;
    let column = all.get(key);
    if (column === undefined) all.set(key, column = []);
    for (const value of values) column.push(typeof value === "number" ? value + added : value);
  };
  const addRows = (name: string, rows: number, count: number) => {
    add(`rows of ${name}`, rows === NONE ? Array(count).keys() : pack.column(rows), before);
  };
  for (const name of ["ts", "step"] as const) add(name, pack.column(groups[name][group]));
  add("line", pack.column(groups.line[group]), parts.firstLine[part]);
  add("offset", pack.column(groups.offset[group]), parts.from[part]);
  for (let at = groups.coordinatesFrom[group]; at < groups.coordinatesTo[group]; at++) {
    add(`c${at - groups.coordinatesFrom[group]}`, pack.column(coordinates.values[at]));
  }
  for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) {
    const name = `series ${strings[series.path[at]]}`;
    add(name, pack.column(series.values[at]));
    addRows(name, series.rows[at], series.count[at]);
  }
  for (let at = groups.leavesFrom[group]; at < groups.leavesTo[group]; at++) {
    const [kind, values, count] = [leaves.kind[at], leaves.values[at], leaves.count[at]];
    const name = `${kind === NUMBERS ? "numbers" : "words"} ${strings[leaves.path[at]]}`;
    if (kind === NUMBERS) add(name, pack.column(values));
    else {
      const codes = kind === ONE_WORD ? Array<number>(count).fill(values) : Array.from(pack.column(values));
      add(
        name,
        codes.map((code) => code === Code.Line ? UNKNOWN : code < Code.FirstWord ? code : pack.words.text(code)),
      );
    }
    addRows(name, leaves.rows[at], count);
  }
}
