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
    const column = x / this.across | 0;
    const first = 1 << x - column * this.across;
    let bits = 0;
    for (let y = start, left = start % this.down; y <= end; y++) {
      bits |= first << left * this.across;
      // A cell is written once.
      if (++left < this.down && y < end) continue;
      const cell = (y / this.down | 0) * this.columns + column;
      this.bits[cell] |= bits;
      this.owners[cell] = owner;
      left = bits = 0;
    }
  }

  /** Sets the dots of a line, of which the part inside counts. `pattern`: dots drawn, and dots left out. */
  line(fromX: number, fromY: number, toX: number, toY: number, owner: number, pattern?: Pattern): void {
    if (!this.#holds(fromX, fromY) || !this.#holds(toX, toY)) {
      // Only the part inside is gone through: a value far outside would take as many steps as it is away.
      const [start, end] = this.#inside(fromX, fromY, toX, toY);
      if (!(start <= end)) return;
      const [x, y] = [fromX, fromY];
      [fromX, fromY] = [between(x, toX, start), between(y, toY, start)];
      [toX, toY] = [between(x, toX, end), between(y, toY, end)];
    }
    const steps = Math.max(Math.round(Math.abs(toX - fromX)), Math.round(Math.abs(toY - fromY)), 1);
    for (let step = 0; step <= steps; step++) {
      const x = Math.round(between(fromX, toX, step / steps));
      const y = Math.round(between(fromY, toY, step / steps));
      if (x < 0 || y < 0 || x >= this.width || y >= this.height) continue;
      if (pattern !== undefined && pattern.drawn++ % (pattern.on + pattern.off) >= pattern.on) continue;
      this.set(x, y, owner);
    }
  }

  #holds(x: number, y: number): boolean {
    return x >= 0 && y >= 0 && x < this.width && y < this.height;
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
