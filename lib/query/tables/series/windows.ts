import type { Pack } from "../../../index/pack/pack.ts";
import type { SeriesTable } from "./series_table.ts";

/** How many numbers, and series, are read at once. */
const MAX_NUMBERS = 4 * 1024 * 1024;
const MAX_SERIES = 16 * 1024;

/** Series of which the points are read at once: their parts, one after the other. */
export interface Window {
  /** Which of the series each part is of, by its number among them. */
  readonly rows: readonly number[];
  readonly packs: readonly Pack[];
  /** The row of each part in the directory of its pack. */
  readonly at: readonly number[];
}

/**
 * The parts of some series, in windows of bounded size.
 *
 * @param series Rows of the table.
 * @param width Numbers that are read of each point.
 * @param skips Whether a part need not be read.
 */
export function* windowsOf(
  table: SeriesTable,
  series: Int32Array,
  width: number,
  skips: (pack: Pack, at: number) => boolean,
): Generator<Window> {
  let window = { rows: [] as number[], packs: [] as Pack[], at: [] as number[] };
  let numbers = 0;
  const add = (row: number, pack: Pack, at: number) => {
    if (skips(pack, at)) return;
    window.rows.push(row);
    window.packs.push(pack);
    window.at.push(at);
    numbers += pack.directory.series.count[at] * width;
  };
  for (let row = 0; row < series.length; row++) {
    const chunks = table.chunks(series[row]);
    if (chunks === undefined) add(row, table.pack(series[row]), table.at(series[row]));
    else for (const { pack, series } of chunks) add(row, pack, series);
    if (numbers < MAX_NUMBERS && window.rows.length < MAX_SERIES) continue;
    yield window;
    window = { rows: [], packs: [], at: [] };
    numbers = 0;
  }
  if (window.rows.length > 0) yield window;
}
