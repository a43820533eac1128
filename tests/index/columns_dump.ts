import { NONE } from "../../lib/index/pack/pack_footer.ts";
import type { LogIndex } from "../../lib/index/log_index.ts";

/** All that an index holds of a log, however its parts are cut, as text. */
export function dumpOf(index: LogIndex, path: string): string {
  const rows: string[] = [];
  for (const { pack, part } of index.parts(path) ?? []) {
    const { parts, groups, series, strings } = pack.directory;
    for (let group = parts.groupsFrom[part]; group < parts.groupsTo[part]; group++) {
      const column = (name: "ts" | "step" | "line" | "offset") => pack.column(groups[name][group]);
      const [ts, step, line, offset] = [column("ts"), column("step"), column("line"), column("offset")];
      const fields: string[][] = Array.from(ts, () => []);
      for (let at = groups.seriesFrom[group]; at < groups.seriesTo[group]; at++) {
        const values = pack.column(series.values[at]);
        const own = series.rows[at] === NONE ? undefined : pack.column(series.rows[at]);
        values.forEach((value, i) => {
          const idx = series.base[at] + i;
          fields[own === undefined ? i : own[i]].push(`${strings[series.path[at]]} ${idx} ${text(value)}`);
        });
      }
      ts.forEach((time, i) => {
        const place = [line[i] + parts.firstLine[part], offset[i] + parts.from[part]];
        rows.push([...place, strings[groups.pattern[group]], text(time), text(step[i]), ...fields[i].sort()].join(" "));
      });
    }
  }
  return rows.sort().join("\n");
}

function text(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
