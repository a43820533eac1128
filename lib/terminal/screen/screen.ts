import type { Output } from "../output.ts";
import { Cells } from "./cells.ts";
import type { Area } from "./cells.ts";
import { makePlain } from "./plain.ts";
import { redraw } from "./redraw.ts";
import { BEGIN_FRAME, END_FRAME, placeCursor } from "./sequences.ts";

/** Frames a second at most: more cannot be read, and each is sent through ssh as a rule. */
const FRAMES_PER_SECOND = 30;

/** A size in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Draws all that is to be seen into an empty area. Returns where the cursor is to be shown, if anywhere. */
export type Paint = (area: Area) => { readonly column: number; readonly row: number } | undefined;

/**
 * The screen of a terminal that was entered: what changes is drawn at a bounded rate, and of each frame only what differs
 * from the one before is written.
 */
export class Screen {
  #shown: Cells | undefined;
  #spare: Cells | undefined;
  #cursor = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawnAt = -Infinity;
  #isPaused = false;

  /** `size`: of the terminal at this moment. */
  constructor(readonly output: Output, readonly paint: Paint, readonly size: () => Size) {}

  /** Something has changed: draws soon. */
  invalidate(): void {
    if (this.#timer !== undefined || this.#isPaused) return;
    const wait = Math.max(0, this.#drawnAt + 1000 / FRAMES_PER_SECOND - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.draw();
    }, wait);
  }

  /** Draws now. */
  draw(): void {
    if (this.#isPaused) return;
    const { columns, rows } = this.size();
    let cells = this.#spare;
    if (cells?.columns === columns && cells.rows === rows) cells.clear();
    else cells = new Cells(columns, rows);
    const cursor = placeCursor(this.paint(cells.area));
    if (this.output.characters === "ascii") makePlain(cells);
    const changes = redraw(this.#shown, cells, this.output.colour);
    if (changes !== "" || cursor !== this.#cursor) {
      // The cursor is where the last change was: it is put back even where it has not moved.
      this.output.drawScreen(BEGIN_FRAME + placeCursor(undefined) + changes + cursor + END_FRAME);
    }
    [this.#spare, this.#shown, this.#cursor] = [this.#shown, cells, cursor];
    this.#drawnAt = performance.now();
  }

  /** Draws nothing until {@linkcode Screen.resume}: the terminal is somebody else's. */
  pause(): void {
    this.#isPaused = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Draws everything again: somebody else has written on the terminal, or its size is another. */
  resume(): void {
    this.#isPaused = false;
    this.#shown = undefined;
    this.invalidate();
  }
}
