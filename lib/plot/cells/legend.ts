import type { DrawnCurve } from "../chart.ts";
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

/** The legend of curves, in as many columns as there is room for; where not all have room, a last line says how many more there are. */
export function legendLines(curves: readonly DrawnCurve[], room: LegendRoom, style: CurveStyle): Line[] {
  const cut = curves.map((curve) =>
    shortened(` ${saidOf(curve)}`, room.columns - 2, room.width, style.characters.ellipsis)
  );
  const widest = Math.max(0, ...cut.map((text) => 2 + room.width(text)));
  const across = Math.max(1, Math.min(curves.length, Math.floor((room.columns + GAP) / (widest + GAP))));
  const needed = Math.ceil(curves.length / across);
  const rows = Math.min(room.rows ?? needed, needed);
  const down = rows < needed ? Math.max(1, rows - 1) : rows;
  const shown = Math.min(curves.length, down * across);
  // Down the columns, as the names of files are listed.
  const lines = Array.from({ length: down }, (_, row) => {
    const spans: Span[] = [];
    for (let at = row; at < shown; at += down) {
      const gap = at + down >= shown ? "" : " ".repeat(widest - 2 - room.width(cut[at]) + GAP);
      spans.push({ text: sampleOf(curves[at], curves.length, style), paint: curves[at].colour }, {
        text: cut[at] + gap,
      });
    }
    return spans;
  });
  const left = curves.length - shown;
  return left === 0 ? lines : [...lines, [{ text: `${style.characters.ellipsis} ${left} more`, paint: "axis" }]];
}

function sampleOf({ colour }: DrawnCurve, count: number, { characters, colour: isColoured }: CurveStyle): string {
  if (isColoured || count === 1) return characters.line;
  return characters.across === 1 ? `${MARKS[colour % MARKS.length]} ` : DASHES[colour % DASHES.length].key;
}

/** What a legend says of a curve: its label, and what of it cannot be drawn. */
export function saidOf({ label, missing, notPositive }: DrawnCurve): string {
  const asides = [
    ...missing > 0 ? [`${missing} nan or inf`] : [],
    ...notPositive > 0 ? [`${notPositive} not above 0`] : [],
  ];
  return asides.length === 0 ? label : `${label}  (${asides.join(", ")}, not drawn)`;
}

function shortened(text: string, columns: number, width: LegendRoom["width"], ellipsis: string): string {
  if (width(text) <= columns) return text;
  let cut = "";
  for (const character of text) {
    if (width(cut + character) > columns - ellipsis.length) break;
    cut += character;
  }
  return cut + ellipsis;
}
