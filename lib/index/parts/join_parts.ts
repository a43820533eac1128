import { NONE, NUMBERS, ODD_NAMES, ONE_WORD, TOO_MANY_LEAVES, TOO_MANY_SERIES } from "../pack/pack_footer.ts";
import type { PartRef } from "../state/indexed_logs.ts";
import type { Pack } from "../pack/pack.ts";
import type { PackBuilder } from "../pack/pack_builder.ts";
import { pathOf } from "../pack/part_path.ts";
import { rowOf, sectionsOf, WordCopier } from "../pack/pack_rows.ts";
import { type BadLine, firstRows, type Group, type LeafColumns, newGroup, newLeaf } from "./part_columns.ts";
import { type PartHead, writePart } from "./write_part.ts";

/** Takes parts of one log that follow one another, as one part. */
export function joinParts(builder: PackBuilder, refs: readonly PartRef[]): void {
  const groups = new Map<string, Group>();
  const badLines: BadLine[] = [];
  const bases = new Map<string, number>();
  const [first, last] = [refs[0], refs.at(-1)!].map(({ pack, part }) => rowOf(pack.directory, "parts", part));
  let untimed = 0;
  let flags = 0;
  for (const { pack, part } of refs) {
    const { parts, problems } = pack.directory;
    const place = { line: parts.firstLine[part] - first.firstLine, offset: parts.from[part] - first.from };
    const words = new WordCopier(builder.words, pack);
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      addGroup(groups, pack, group, place, words, bases);
    }
    for (const [of, line, offset, message] of problems) {
      if (of === part) badLines.push({ line: line + place.line, offset: offset + place.offset, message });
    }
    untimed += parts.untimed[part];
    flags |= parts.flags[part];
  }
  const head: PartHead = {
    path: pathOf(refs[0].pack.directory, refs[0].part),
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
  writePart(builder, head, {
    groups,
    words: builder.words,
    badLines,
    lines: last.firstLine + last.lines - first.firstLine,
    bytes: last.to - first.from,
    untimed,
    overflow: (flags & TOO_MANY_SERIES) !== 0,
    leavesOverflow: (flags & TOO_MANY_LEAVES) !== 0,
  });
}

/** Puts the rows of a group behind those of its pattern that are there. */
function addGroup(
  all: Map<string, Group>,
  pack: Pack,
  index: number,
  place: { readonly line: number; readonly offset: number },
  words: WordCopier,
  bases: Map<string, number>,
): void {
  const { groups, series, coordinates, leaves, strings } = pack.directory;
  const pattern = strings[groups.pattern[index]];
  let group = all.get(pattern);
  if (group === undefined) all.set(pattern, group = newGroup(pattern));
  const before = group.ts.length;
  group.ts.append(pack.column(groups.ts[index]));
  group.step.append(pack.column(groups.step[index]));
  group.line.append(pack.column(groups.line[index]), place.line);
  group.offset.append(pack.column(groups.offset[index]), place.offset);
  group.coordinates.forEach((column, at) => {
    column.append(pack.column(coordinates.values[groups.coordinatesFrom[index] + at]));
  });
  if ((groups.flags[index] & ODD_NAMES) !== 0) group.hasOddNames = true;
  const rowsOf = (rows: number) => rows === NONE ? undefined : pack.column(rows);
  for (let at = groups.seriesFrom[index]; at < groups.seriesTo[index]; at++) {
    const path = strings[series.path[at]];
    let leaf = group.series.get(path);
    if (leaf === undefined) {
      group.series.set(path, leaf = newLeaf(path));
      bases.set(keyOf(pattern, path), series.base[at]);
    }
    append(leaf, before, pack.column(series.values[at]), rowsOf(series.rows[at]));
  }
  for (let at = groups.leavesFrom[index]; at < groups.leavesTo[index]; at++) {
    const path = strings[leaves.path[at]];
    const [kind, given] = [leaves.kind[at], leaves.values[at]];
    const isNumbers = kind === NUMBERS;
    const target: Map<string, LeafColumns> = isNumbers ? group.numbers : group.words;
    let leaf = target.get(path);
    if (leaf === undefined) target.set(path, leaf = { ...newLeaf(path), ...(isNumbers ? {} : { spent: 0 }) });
    const values = kind === ONE_WORD
      ? new Float64Array(leaves.count[at]).fill(words.codeOf(given))
      : isNumbers
      ? pack.column(given)
      : words.codesOf(pack.column(given));
    append(leaf, before, values, rowsOf(leaves.rows[at]));
  }
}

/** Puts values behind those of a leaf. `before`: rows of the group that were there. */
function append(leaf: LeafColumns, before: number, values: Float64Array, rows: Float64Array | undefined): void {
  if (leaf.rows === undefined && (rows !== undefined || leaf.values.length !== before)) {
    leaf.rows = firstRows(leaf.values.length);
  }
  if (rows !== undefined) leaf.rows!.append(rows, before);
  else if (leaf.rows !== undefined) { for (let row = 0; row < values.length; row++) leaf.rows.push(before + row); }
  leaf.values.append(values);
}

function keyOf(pattern: string, path: string): string {
  return JSON.stringify([pattern, path]);
}
