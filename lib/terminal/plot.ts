import { type Colour, type Piece, styled } from "./colours.ts";
import { width } from "./table.ts";
import { short } from "./values.ts";

/** What a curve looks like: its colour, and its dashes (dots drawn, dots left out) where there are no colours. */
const STYLES: readonly { readonly colour: Colour; readonly on: number; readonly off: number; readonly key: string }[] =
  [
    { colour: "cyan", on: 1, off: 0, key: "──" },
    { colour: "yellow", on: 1, off: 2, key: "··" },
    { colour: "magenta", on: 6, off: 3, key: "╌╌" },
    { colour: "green", on: 3, off: 5, key: "- " },
    { colour: "blue", on: 2, off: 1, key: "┈┈" },
    { colour: "red", on: 1, off: 5, key: ". " },
  ];

/** Points of a line, in the order in which they are joined. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

type Range = readonly [low: number, high: number];

/**
 * Draws curves in braille dots (2 × 4 a character), with axes. NaN and infinities are left out and counted in the key.
 * `columns`: the width of the whole picture; `rows`: the height of the curves, default 15.
 */
export function plot(
  curves: readonly { readonly label: string; readonly curve: Curve }[],
  options: { readonly columns: number; readonly rows?: number; readonly colour?: boolean },
): Piece[][] {
  const x = extent(curves.map(({ curve }) => curve), (curve, at) => curve.steps[at]);
  const y = extent(curves.map(({ curve }) => curve), (curve, at) => curve.values[at]);
  if (x[0] > x[1]) return [["no finite points to plot"]];
  const rows = options.rows ?? 15;
  const middle = rows >> 1;
  const labels = new Map([[rows - 1, short(y[0])]]);
  if (y[0] < y[1]) labels.set(middle, short(between(y, 1 - middle / (rows - 1)))).set(0, short(y[1]));
  const margin = Math.max(...[...labels.values()].map((label) => label.length)) + 1;
  const columns = Math.max(10, Math.min(options.columns, 160) - margin - 2);

  const isColoured = options.colour === true;
  const grid = new Grid(columns, rows);
  curves.forEach(({ curve }, index) => {
    const { on, off } = isColoured ? STYLES[0] : STYLES[index % STYLES.length];
    draw(grid, index, curve, x, y, on, off);
  });
  const lines = grid.lines((owner, text) => styled(STYLES[owner % STYLES.length].colour, text))
    .map((pieces, row) => [`${(labels.get(row) ?? "").padStart(margin)} ${labels.has(row) ? "┤" : "│"}`, ...pieces]);
  const indent = " ".repeat(margin + 2);
  lines.push([`${" ".repeat(margin)} └${"─".repeat(columns)}`], [
    indent + stepsLine(x, columns, areWhole(curves.map(({ curve }) => curve))),
  ]);
  for (const [index, { label, curve }] of curves.entries()) {
    const { key, colour } = STYLES[index % STYLES.length];
    const missing = curve.values.reduce((sum, value) => sum + Number(!Number.isFinite(value)), 0);
    lines.push([indent, styled(colour, isColoured ? "──" : key), ` ${label}${aside(missing)}`]);
  }
  return lines;
}

function aside(missing: number): string {
  return missing === 0 ? "" : `  (${missing} nan or inf, not drawn)`;
}

/** The least and the greatest of one coordinate over the points that can be drawn. */
function extent(curves: readonly Curve[], of: (curve: Curve, at: number) => number): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const curve of curves) {
    for (let at = 0; at < curve.values.length; at++) {
      if (!Number.isFinite(curve.values[at]) || !Number.isFinite(curve.steps[at])) continue;
      low = Math.min(low, of(curve, at));
      high = Math.max(high, of(curve, at));
    }
  }
  return [low, high];
}

/** Whether all steps that can be drawn are whole numbers, such as epochs. */
function areWhole(curves: readonly Curve[]): boolean {
  return curves.every(({ steps }) => steps.every((step) => !Number.isFinite(step) || Number.isInteger(step)));
}

/** A number on the way from low to high, to a thousandth of that way, and a multiple of `least`. */
function between([low, high]: Range, part: number, least = 0): number {
  const value = low * (1 - part) + high * part;
  const unit = Math.max(least, 10 ** (Math.floor(Math.log10(high - low)) - 3));
  return Number.isFinite(unit) && unit > 0 ? Math.round(value / unit) * unit : value;
}

/** The numbers below the axis: both ends and, where there is room, the middle, which of whole numbers is one too. */
function stepsLine([low, high]: Range, columns: number, isWhole: boolean): string {
  const [from, to] = [short(low), short(high)];
  if (low === high) return from;
  const middle = between([low, high], 0.5, isWhole ? 1 : 0);
  const half = short(middle);
  // Halves first: the difference of two large numbers could be infinite.
  const start = Math.round(columns * (middle / 2 - low / 2) / (high / 2 - low / 2) - width(half) / 2);
  const head = start > from.length + 1 && start + half.length + 1 < columns - to.length
    ? from.padEnd(start) + half
    : from;
  return head + to.padStart(Math.max(to.length + 1, columns - head.length));
}

function draw(grid: Grid, owner: number, curve: Curve, x: Range, y: Range, on: number, off: number): void {
  const order = curve.steps.map((_, at) => at).sort((a, b) => curve.steps[a] - curve.steps[b]);
  const scale = ([low, high]: Range, dots: number, value: number) =>
    // Halves first: the difference of two large numbers could be infinite.
    high === low ? 0 : Math.round((value / 2 - low / 2) / (high / 2 - low / 2) * (dots - 1));
  let [lastX, lastY] = [-1, -1];
  let drawn = 0;
  for (const at of order) {
    if (!Number.isFinite(curve.values[at]) || !Number.isFinite(curve.steps[at])) {
      lastX = -1; // A gap: what is not known is not bridged.
      continue;
    }
    const dotX = scale(x, grid.columns * 2, curve.steps[at]);
    const dotY = grid.rows * 4 - 1 - scale(y, grid.rows * 4, curve.values[at]);
    if (lastX < 0) [lastX, lastY] = [dotX, dotY];
    const steps = Math.max(Math.abs(dotX - lastX), Math.abs(dotY - lastY), 1);
    for (let step = 0; step <= steps; step++) {
      if (drawn++ % (on + off) >= on) continue;
      const part = step / steps;
      grid.set(Math.round(lastX + (dotX - lastX) * part), Math.round(lastY + (dotY - lastY) * part), owner);
    }
    [lastX, lastY] = [dotX, dotY];
  }
}

/** The bits of a braille character: 4 rows, 2 columns. */
const DOT = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/** Dots, and which curve drew last in each character. */
class Grid {
  readonly #dots: Uint8Array;
  readonly #owners: Int32Array;

  constructor(readonly columns: number, readonly rows: number) {
    this.#dots = new Uint8Array(columns * rows);
    this.#owners = new Int32Array(columns * rows);
  }

  set(x: number, y: number, owner: number): void {
    const at = (y >> 2) * this.columns + (x >> 1);
    this.#dots[at] |= DOT[y & 3][x & 1];
    this.#owners[at] = owner;
  }

  /** The rows; characters of one owner that stand together are one piece. */
  lines(paint: (owner: number, text: string) => Piece): Piece[][] {
    return Array.from({ length: this.rows }, (_, row) => {
      const pieces: Piece[] = [];
      let end = (row + 1) * this.columns;
      while (end > row * this.columns && this.#dots[end - 1] === 0) end--;
      for (let at = row * this.columns; at < end;) {
        const isEmpty = this.#dots[at] === 0;
        const owner = this.#owners[at];
        let text = "";
        for (; at < end && (this.#dots[at] === 0) === isEmpty && (isEmpty || this.#owners[at] === owner); at++) {
          text += isEmpty ? " " : String.fromCharCode(0x2800 + this.#dots[at]);
        }
        pieces.push(isEmpty ? text : paint(owner, text));
      }
      return pieces;
    });
  }
}
