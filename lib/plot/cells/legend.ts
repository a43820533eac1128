import type { DrawnCurve } from "../chart.ts";
import { spread } from "../spread.ts";
import type { CurveStyle } from "./curve_cells.ts";
import { DASHES, MARKS } from "./curve_cells.ts";
import type { Line, Span } from "./span.ts";

/** How much room a legend has. */
export interface LegendRoom {
  readonly columns: number;
  /** Default: as many as it takes. */
  readonly rows?: number;
  /** The columns of a terminal that a text takes. */
  readonly width: (text: string) => number;
}

const GAP = 3;
/** The width of the piece of a line before each name. */
const SAMPLE = 2;

/** The legend of curves, in as many columns as there is room for; where not all have room, a last line says how many more there are. */
export function legendLines(all: readonly DrawnCurve[], room: LegendRoom, style: CurveStyle): Line[] {
  const named = all.filter(({ label }) => label !== "");
  const textOf = (curve: DrawnCurve) => shortened(` ${saidOf(curve)}`, room, style.characters.ellipsis);
  const widest = Math.max(0, ...named.map((curve) => SAMPLE + room.width(textOf(curve))));
  const across = Math.max(1, Math.min(named.length, Math.floor((room.columns + GAP) / (widest + GAP))));
  const needed = Math.ceil(named.length / across);
  const rows = Math.min(room.rows ?? needed, needed);
  const down = rows < needed ? Math.max(1, rows - 1) : rows;
  const shown = spread(named, down * across);
  // Down the columns, as the names of files are listed.
  const lines = Array.from({ length: down }, (_, row): Line => {
    const spans: Span[] = [];
    for (let at = row; at < shown.length; at += down) {
      const text = textOf(shown[at]);
      const gap = at + down >= shown.length ? "" : " ".repeat(widest - SAMPLE - room.width(text) + GAP);
      spans.push({ text: sampleOf(shown[at], all.length, style), paint: shown[at].colour }, { text: text + gap });
    }
    return spans;
  });
  const left = named.length - shown.length;
  return left === 0 ? lines : [...lines, [{ text: `${style.characters.ellipsis} ${left} more`, paint: "axis" }]];
}

function sampleOf({ colour }: DrawnCurve, count: number, { characters, colour: isColoured }: CurveStyle): string {
  if (isColoured || count === 1) return characters.line;
  return characters.across === 1 ? `${MARKS[colour % MARKS.length]} ` : DASHES[colour % DASHES.length].key;
}

/** What a legend says of a curve: its label, and what of it cannot be drawn. */
export function saidOf(curve: DrawnCurve): string {
  const aside = asideOf(curve);
  return aside === "" ? curve.label : `${curve.label} (${aside})`;
}

/** What of a curve cannot be drawn; empty if all can. */
export function asideOf({ missing, notPositive }: DrawnCurve): string {
  const asides = [
    ...missing > 0 ? [`${missing} nan or inf`] : [],
    ...notPositive > 0 ? [`${notPositive} not above 0`] : [],
  ];
  return asides.length === 0 ? "" : `${asides.join(", ")} left out`;
}

function shortened(text: string, { columns, width }: LegendRoom, ellipsis: string): string {
  if (width(text) <= columns - SAMPLE) return text;
  let cut = "";
  for (const character of text) {
    if (width(cut + character) > columns - SAMPLE - ellipsis.length) break;
    cut += character;
  }
  return cut + ellipsis;
}
