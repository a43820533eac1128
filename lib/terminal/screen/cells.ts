import { graphemesOf } from "./graphemes.ts";
import { PLAIN, type Style } from "./style.ts";

/** A rectangle of cells. */
export interface Box {
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
}

/** What stands in the right half of a character of two columns. */
export const CONTINUED = "";

/** The cells of a screen: in each a character that no terminal obeys, and its style. */
export class Cells {
  readonly texts: string[];
  readonly styles: Int32Array;

  constructor(readonly columns: number, readonly rows: number) {
    this.texts = new Array(columns * rows).fill(" ");
    this.styles = new Int32Array(columns * rows);
  }

  /** The whole of it, to draw in. */
  get area(): Area {
    return new Area(this, { column: 0, row: 0, columns: this.columns, rows: this.rows });
  }

  /** Makes all cells empty. */
  clear(): void {
    this.texts.fill(" ");
    this.styles.fill(PLAIN);
  }

  /** Puts a character of one column or two into a place that has room for it. */
  set(column: number, row: number, text: string, width: number, style: Style): void {
    const at = row * this.columns + column;
    this.#split(at, column);
    this.#split(at + width, column + width);
    this.texts[at] = text;
    this.styles[at] = style;
    if (width < 2) return;
    this.texts[at + 1] = CONTINUED;
    this.styles[at + 1] = style;
  }

  /** The text of a row, without spaces at its end. */
  line(row: number): string {
    return this.texts.slice(row * this.columns, (row + 1) * this.columns).join("").trimEnd();
  }

  /** A character that is cut at a place goes. */
  #split(at: number, column: number): void {
    if (column === 0 || column >= this.columns || this.texts[at] !== CONTINUED) return;
    this.texts[at - 1] = " ";
    this.texts[at] = " ";
  }
}

/** A part of a screen, to draw in; what does not fit is left out. Places count from its own corner. */
export class Area {
  constructor(readonly cells: Cells, readonly box: Box) {}

  get columns(): number {
    return this.box.columns;
  }

  get rows(): number {
    return this.box.rows;
  }

  /** A part of it; what of the box does not lie in it is left out. */
  part(box: Box): Area {
    const column = clamp(box.column, 0, this.columns);
    const row = clamp(box.row, 0, this.rows);
    return new Area(this.cells, {
      column: this.box.column + column,
      row: this.box.row + row,
      columns: clamp(box.column + box.columns - column, 0, this.columns - column),
      rows: clamp(box.row + box.rows - row, 0, this.rows - row),
    });
  }

  /** Whether nothing stands at a place, or only a character without dots. */
  isEmpty(column: number, row: number): boolean {
    if (column < 0 || column >= this.columns || row < 0 || row >= this.rows) return false;
    const text = this.cells.texts[(this.box.row + row) * this.cells.columns + this.box.column + column];
    return text === " " || text === "\u2800";
  }

  /** Writes a text in one row, and returns the column behind it. */
  text(column: number, row: number, text: string, style: Style = PLAIN): number {
    if (row < 0 || row >= this.rows) return column;
    for (const grapheme of graphemesOf(text)) {
      if (column + grapheme.width > this.columns) break;
      if (column >= 0) {
        this.cells.set(this.box.column + column, this.box.row + row, grapheme.text, grapheme.width, style);
      }
      column += grapheme.width;
    }
    return column;
  }

  /** Fills it with spaces of a style. */
  fill(style: Style = PLAIN): void {
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) {
        this.cells.set(this.box.column + column, this.box.row + row, " ", 1, style);
      }
    }
  }

  /** Adds a style to what stands in some columns of a row; a colour there stays. */
  restyle(column: number, row: number, columns: number, change: (style: Style) => Style): void {
    if (row < 0 || row >= this.rows) return;
    const end = Math.min(column + columns, this.columns);
    for (let at = Math.max(0, column); at < end; at++) {
      const cell = (this.box.row + row) * this.cells.columns + this.box.column + at;
      this.cells.styles[cell] = change(this.cells.styles[cell]);
    }
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
