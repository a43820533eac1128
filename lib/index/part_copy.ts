import { NONE, TOO_MANY_SERIES } from "./directory.ts";
import { Growable } from "./growable.ts";
import type { PartRef } from "./known_logs.ts";
import type { Pack } from "./pack.ts";
import type { PackBuilder, PartHead } from "./pack_builder.ts";
import type { BadLine, Group } from "./shredder.ts";

/** Takes a part of another pack as it is. */
export function copyPart(builder: PackBuilder, { pack, part }: PartRef): void {
  const { directory } = builder;
  const from = pack.directory;
  const string = (index: number) => directory.string(from.strings[index]);
  const column = (index: number) => builder.encoded(rowOf(from.columns, index), pack.encoded(index));
  const target = directory.count("parts");
  const groupsFrom = directory.count("groups");
  for (let group = from.parts.groupsFrom[part]; group < from.parts.groupsTo[part]; group++) {
    const row = rowOf(from.groups, group);
    const index = directory.count("groups");
    const seriesFrom = directory.count("series");
    for (let at = row.seriesFrom; at < row.seriesTo; at++) {
      const series = rowOf(from.series, at);
      const rows = series.rows === NONE ? NONE : column(series.rows);
      const place = { group: index, path: string(series.path), values: column(series.values), rows };
      directory.add("series", { ...series, ...place });
    }
    const [ts, step, line, offset] = [row.ts, row.step, row.line, row.offset].map(column);
    const seriesTo = directory.count("series");
    const pattern = string(row.pattern);
    directory.add("groups", { ...row, part: target, pattern, ts, step, line, offset, seriesFrom, seriesTo });
  }
  for (const [of, ...problem] of from.problems) if (of === part) directory.problems.push([target, ...problem]);
  const row = rowOf(from.parts, part);
  const groupsTo = directory.count("groups");
  const sectionsFrom = directory.count("sections");
  for (const [to, check] of sectionsOf(pack, part)) directory.add("sections", { to, check });
  const sectionsTo = directory.count("sections");
  directory.add("parts", { ...row, path: string(row.path), groupsFrom, groupsTo, sectionsFrom, sectionsTo });
}

/** Takes parts of one log that follow one another, as one part. */
export function joinParts(builder: PackBuilder, refs: readonly PartRef[]): void {
  const groups = new Map<string, Group>();
  const badLines: BadLine[] = [];
  const bases = new Map<string, number>();
  const [first, last] = [refs[0], refs.at(-1)!].map(({ pack, part }) => rowOf(pack.directory.parts, part));
  let untimed = 0;
  let flags = 0;
  for (const { pack, part } of refs) {
    const { parts, problems } = pack.directory;
    const place = { line: parts.firstLine[part] - first.firstLine, offset: parts.from[part] - first.from };
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      addGroup(groups, pack, group, place, bases);
    }
    for (const [of, line, offset, message] of problems) {
      if (of === part) badLines.push({ line: line + place.line, offset: offset + place.offset, message });
    }
    untimed += parts.untimed[part];
    flags |= parts.flags[part];
  }
  const head: PartHead = {
    path: refs[0].pack.directory.strings[first.path],
    version: first.version as 0 | 1,
    from: first.from,
    firstLine: first.firstLine,
    size: last.size,
    modifiedAt: last.modifiedAt,
    head: last.head,
    tail: last.tail,
    before: first.before,
    sections: refs.flatMap(({ pack, part }) => sectionsOf(pack, part)),
    base: (pattern, path) => bases.get(keyOf(pattern, path)) ?? 0,
  };
  const lines = last.firstLine + last.lines - first.firstLine;
  const overflow = (flags & TOO_MANY_SERIES) !== 0;
  builder.add(head, { groups, badLines, lines, bytes: last.to - first.from, untimed, overflow });
}

/** Puts the rows of a group behind those of its pattern that are there. */
function addGroup(
  all: Map<string, Group>,
  pack: Pack,
  index: number,
  place: { readonly line: number; readonly offset: number },
  bases: Map<string, number>,
): void {
  const { groups, series, strings } = pack.directory;
  const pattern = strings[groups.pattern[index]];
  let group = all.get(pattern);
  if (group === undefined) {
    const [ts, step, line, offset] = Array.from({ length: 4 }, () => new Growable());
    all.set(pattern, group = { pattern, ts, step, line, offset, series: new Map() });
  }
  const before = group.ts.length;
  group.ts.append(pack.column(groups.ts[index]));
  group.step.append(pack.column(groups.step[index]));
  group.line.append(pack.column(groups.line[index]), place.line);
  group.offset.append(pack.column(groups.offset[index]), place.offset);
  for (let at = groups.seriesFrom[index]; at < groups.seriesTo[index]; at++) {
    const path = strings[series.path[at]];
    let target = group.series.get(path);
    if (target === undefined) {
      group.series.set(path, target = { path, values: new Growable(), rows: undefined });
      bases.set(keyOf(pattern, path), series.base[at]);
    }
    const rows = series.rows[at] === NONE ? undefined : pack.column(series.rows[at]);
    if (target.rows === undefined && (rows !== undefined || target.values.length !== before)) {
      target.rows = new Growable();
      for (let row = 0; row < target.values.length; row++) target.rows.push(row);
    }
    if (rows !== undefined) target.rows!.append(rows, before);
    else if (target.rows !== undefined) {
      for (let row = 0; row < series.count[at]; row++) target.rows.push(before + row);
    }
    target.values.append(pack.column(series.values[at]));
  }
}

function sectionsOf({ directory: { parts, sections } }: Pack, part: number): [to: number, check: number][] {
  const all: [number, number][] = [];
  for (let at = parts.sectionsFrom[part]; at < parts.sectionsTo[part]; at++) {
    all.push([sections.to[at], sections.check[at]]);
  }
  return all;
}

function keyOf(pattern: string, path: string): string {
  return JSON.stringify([pattern, path]);
}

/** A row of a table of a directory. */
function rowOf<T extends object>(table: T, index: number): Record<Exclude<keyof T, "length">, number> {
  const row: Record<string, number> = {};
  for (const [name, column] of Object.entries(table)) if (name !== "length") row[name] = column[index];
  return row as Record<Exclude<keyof T, "length">, number>;
}
