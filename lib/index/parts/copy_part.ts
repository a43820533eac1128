import { NONE, ONE_WORD, WORDS } from "../pack/pack_footer.ts";
import type { PartRef } from "../state/indexed_logs.ts";
import type { PackBuilder } from "../pack/pack_builder.ts";
import { pathOf } from "../pack/part_path.ts";
import { rowOf, sectionsOf, WordCopier } from "../pack/pack_rows.ts";

/** Takes a part of another pack as it is. */
export function copyPart(builder: PackBuilder, { pack, part }: PartRef): void {
  const { directory } = builder;
  const from = pack.directory;
  const words = new WordCopier(builder.words, pack);
  const string = (index: number) => directory.string(from.strings[index]);
  const copied = new Map<number, number>();
  const column = (index: number) => {
    let own = copied.get(index);
    if (own === undefined) {
      copied.set(index, own = builder.encoded(rowOf(from, "columns", index), pack.encoded(index)));
    }
    return own;
  };
  const rowsOf = (rows: number) => rows === NONE ? NONE : column(rows);
  const target = directory.count("parts");
  const groupsFrom = directory.count("groups");
  for (let group = from.parts.groupsFrom[part]; group < from.parts.groupsTo[part]; group++) {
    const row = rowOf(from, "groups", group);
    const index = directory.count("groups");
    const seriesFrom = directory.count("series");
    for (let at = row.seriesFrom; at < row.seriesTo; at++) {
      const series = rowOf(from, "series", at);
      const [path, values, rows] = [string(series.path), column(series.values), rowsOf(series.rows)];
      directory.add("series", { ...series, group: index, path, values, rows });
    }
    const coordinatesFrom = directory.count("coordinates");
    for (let at = row.coordinatesFrom; at < row.coordinatesTo; at++) {
      directory.add("coordinates", { values: column(from.coordinates.values[at]) });
    }
    const leavesFrom = directory.count("leaves");
    for (let at = row.leavesFrom; at < row.leavesTo; at++) {
      const leaf = rowOf(from, "leaves", at);
      const values = leaf.kind === ONE_WORD
        ? words.codeOf(leaf.values)
        : leaf.kind === WORDS
        ? builder.column(words.codesOf(pack.column(leaf.values)))
        : column(leaf.values);
      directory.add("leaves", { ...leaf, path: string(leaf.path), values, rows: rowsOf(leaf.rows) });
    }
    const [ts, step, line, offset] = [row.ts, row.step, row.line, row.offset].map(column);
    directory.add("groups", {
      ...row,
      ...{ part: target, pattern: string(row.pattern), ts, step, line, offset },
      ...{ seriesFrom, seriesTo: directory.count("series") },
      ...{ coordinatesFrom, coordinatesTo: directory.count("coordinates") },
      ...{ leavesFrom, leavesTo: directory.count("leaves") },
    });
  }
  for (const [of, ...problem] of from.problems) if (of === part) directory.problems.push([target, ...problem]);
  const row = rowOf(from, "parts", part);
  const groupsTo = directory.count("groups");
  const sectionsFrom = directory.count("sections");
  for (const [to, check] of sectionsOf(pack, part)) directory.add("sections", { to, check });
  const sectionsTo = directory.count("sections");
  directory.add("parts", {
    ...row,
    ...directory.path(pathOf(from, part)),
    groupsFrom,
    groupsTo,
    sectionsFrom,
    sectionsTo,
  });
}
