/** Dots in cells of characters: which of them are set, and whose the cell is. */
export class Dots {
  /** In dots. */
  readonly width: number;
  readonly height: number;
  /** A bit for each dot of a cell: row by row, from the left. */
  readonly bits: Uint8Array;
  /** The number of the curve that drew last in each cell; -1: none. */
  readonly owners: Int32Array;

  /** `across` and `down`: how many dots a cell has. */
  constructor(readonly columns: number, readonly rows: number, readonly across: number, readonly down: number) {
    this.width = columns * across;
    this.height = rows * down;
    this.bits = new Uint8Array(columns * rows);
    this.owners = new Int32Array(columns * rows).fill(-1);
  }

  /** Sets a dot; `y` counts from the top. */
  set(x: number, y: number, owner: number): void {
    const column = x / this.across | 0;
    const row = y / this.down | 0;
    const cell = row * this.columns + column;
    this.bits[cell] |= 1 << (y - row * this.down) * this.across + x - column * this.across;
    this.owners[cell] = owner;
  }

  /** Sets the dots of a column between two heights, of which the part inside counts. */
  vertical(x: number, from: number, to: number, owner: number): void {
    const start = Math.max(0, Math.min(from, to));
    const end = Math.min(this.height - 1, Math.max(from, to));
    for (let y = start; y <= end; y++) this.set(x, y, owner);
  }

  /** Sets the dots of a line, of which the part inside counts. `pattern`: dots drawn, and dots left out. */
  line(fromX: number, fromY: number, toX: number, toY: number, owner: number, pattern?: Pattern): void {
    // Only the part inside is gone through: a value far outside would take as many steps as it is away.
    const [start, end] = this.#inside(fromX, fromY, toX, toY);
    if (!(start <= end)) return;
    const [startX, startY] = [between(fromX, toX, start), between(fromY, toY, start)];
    const [endX, endY] = [between(fromX, toX, end), between(fromY, toY, end)];
    const steps = Math.max(Math.round(Math.abs(endX - startX)), Math.round(Math.abs(endY - startY)), 1);
    for (let step = 0; step <= steps; step++) {
      const x = Math.round(between(startX, endX, step / steps));
      const y = Math.round(between(startY, endY, step / steps));
      if (x < 0 || y < 0 || x >= this.width || y >= this.height) continue;
      if (pattern !== undefined && pattern.drawn++ % (pattern.on + pattern.off) >= pattern.on) continue;
      this.set(x, y, owner);
    }
  }

  /** The parts of the way from one point to another between which it is inside. */
  #inside(fromX: number, fromY: number, toX: number, toY: number): readonly [number, number] {
    let [start, end] = [0, 1];
    for (
      const [from, to, most] of [[fromX, toX, this.width - 1], [fromY, toY, this.height - 1]] as const
    ) {
      if (from === to) {
        if (from < 0 || from > most) return [1, 0];
        continue;
      }
      const [a, b] = [(0 - from) / (to - from), (most - from) / (to - from)];
      start = Math.max(start, Math.min(a, b));
      end = Math.min(end, Math.max(a, b));
    }
    return [start, end];
  }
}

function between(from: number, to: number, part: number): number {
  return from * (1 - part) + to * part;
}

/** Dashes, where there are no colours. `drawn` counts the dots of the line so far. */
export interface Pattern {
  readonly on: number;
  readonly off: number;
  drawn: number;
}
