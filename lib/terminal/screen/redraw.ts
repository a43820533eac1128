import { type Cells, CONTINUED } from "./cells.ts";
import { changeStyle, CLEAR, moveRight, moveTo } from "./sequences.ts";
import type { Style } from "./style.ts";

/** Equal cells between two that changed are written again where there are at most so many: a move takes as many bytes. */
const SHORT_GAP = 4;
/** The column of a cursor of which it is not known. */
const UNKNOWN = -1;

/**
 * The sequences that make one screen of another. `before`: undefined, or of another size, where the terminal is to be drawn
 * from nothing.
 */
export function redraw(before: Cells | undefined, after: Cells, hasColour: boolean): string {
  const isWhole = before === undefined || before.columns !== after.columns || before.rows !== after.rows;
  const pen = new Pen(hasColour);
  if (isWhole) pen.out = CLEAR;
  for (let row = 0; row < after.rows; row++) {
    const start = row * after.columns;
    for (let column = 0; column < after.columns; column++) {
      const at = start + column;
      const text = after.texts[at];
      const style = after.styles[at];
      const isSame = isWhole
        ? text === " " && style === 0
        : text === before.texts[at] && style === before.styles[at] && !continuesNew(before, after, at);
      if (isSame || text === CONTINUED) continue;
      pen.go(column, row, after);
      pen.write(text, style, after.texts[at + 1] === CONTINUED && column + 1 < after.columns ? 2 : 1);
    }
  }
  return pen.end();
}

/** Whether a character of two columns stands in the place of one: then its first cell is drawn whatever it was. */
function continuesNew(before: Cells, after: Cells, at: number): boolean {
  return (after.texts[at + 1] === CONTINUED) !== (before.texts[at + 1] === CONTINUED);
}

/** Where the terminal's cursor is, and in which style it writes. */
class Pen {
  out = "";
  #column = UNKNOWN;
  #row = -1;
  #style: Style = 0;

  constructor(readonly hasColour: boolean) {}

  go(column: number, row: number, cells: Cells): void {
    if (this.#row === row && this.#column === column) return;
    const gap = column - this.#column;
    if (this.#row !== row || this.#column === UNKNOWN || gap < 0) this.out += moveTo(column, row);
    else if (gap > SHORT_GAP || !this.#rewrite(column, row, cells)) this.out += moveRight(gap);
    this.#column = column;
    this.#row = row;
  }

  write(text: string, style: Style, width: number): void {
    if (style !== this.#style) this.out += changeStyle(style, this.hasColour);
    this.#style = style;
    this.out += text;
    // Terminals differ in how wide they take pictures and marks to be: behind such a character the place is said again.
    this.#column = width > 1 || text.length > 1 ? UNKNOWN : this.#column + width;
  }

  end(): string {
    return this.#style === 0 ? this.out : this.out + changeStyle(0, this.hasColour);
  }

  /** Writes a few cells again instead of moving over them, where they are of the same style. */
  #rewrite(column: number, row: number, cells: Cells): boolean {
    let text = "";
    for (let at = row * cells.columns + this.#column; at < row * cells.columns + column; at++) {
      if (cells.styles[at] !== this.#style || cells.texts[at] === CONTINUED) return false;
      text += cells.texts[at];
    }
    this.out += text;
    return true;
  }
}
