/**
 * Finds in one pass which of many texts are in another one (Aho and Corasick, "Efficient string matching", 1975), without
 * regard to the case of ASCII letters. The time depends on the length of the text only.
 */
export class Anchors {
  /** For each character of ASCII its column, 0 for those that are in no anchor. */
  readonly #columns = new Uint8Array(128);
  readonly #width: number;
  /** The next state, as the offset of its row, by row and column. Rows from `#firstEnd` on end an anchor. */
  readonly #next: Uint32Array;
  readonly #firstEnd: number;
  /** Which sets a row ends, by its number less that of the first end. */
  readonly #ends: readonly (readonly number[])[];

  /** `sets`: texts in lower-case ASCII; `find` returns the positions of the sets of which one text is found. */
  constructor(sets: readonly (readonly string[])[]) {
    const letters = [...new Set(sets.flat().join(""))].sort();
    letters.forEach((letter, at) => {
      this.#columns[letter.charCodeAt(0)] = at + 1;
      this.#columns[letter.toUpperCase().charCodeAt(0)] = at + 1;
    });
    this.#width = letters.length + 1;
    const rows: number[][] = [new Array(this.#width).fill(-1)];
    const ends: Set<number>[] = [new Set()];
    sets.forEach((texts, set) => {
      for (const text of texts) {
        let row = 0;
        for (const letter of text) {
          const column = this.#columns[letter.charCodeAt(0)];
          if (rows[row][column] < 0) {
            rows[row][column] = rows.length;
            rows.push(new Array(this.#width).fill(-1));
            ends.push(new Set());
          }
          row = rows[row][column];
        }
        ends[row].add(set);
      }
    });
    complete(rows, ends);
    const order = rows.map((_, row) => row).sort((a, b) => Math.sign(ends[a].size) - Math.sign(ends[b].size) || a - b);
    const place = new Map(order.map((row, at) => [row, at * this.#width]));
    this.#next = Uint32Array.from(order.flatMap((row) => rows[row].map((target) => place.get(target)!)));
    const first = order.findIndex((row) => ends[row].size > 0);
    this.#firstEnd = (first < 0 ? order.length : first) * this.#width;
    this.#ends = first < 0 ? [] : order.slice(first).map((row) => [...ends[row]]);
  }

  /** The sets of which a text is there, in ascending order; undefined for none. */
  find(text: string): number[] | undefined {
    const columns = this.#columns;
    const next = this.#next;
    const firstEnd = this.#firstEnd;
    let found: Set<number> | undefined;
    let row = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      row = code < 128 ? next[row + columns[code]] : 0;
      if (row >= firstEnd) {
        found ??= new Set();
        for (const set of this.#ends[(row - firstEnd) / this.#width]) found.add(set);
      }
    }
    return found && [...found].sort((a, b) => a - b);
  }
}

/** Fills in where each row leads when what comes continues none of its texts: where the longest shorter one would. */
function complete(rows: number[][], ends: Set<number>[]): void {
  const shorter = new Array<number>(rows.length).fill(0);
  const queue: number[] = [];
  rows[0].forEach((target, column) => {
    if (target < 0) rows[0][column] = 0;
    else queue.push(target);
  });
  for (const row of queue) {
    for (const set of ends[shorter[row]]) ends[row].add(set);
    rows[row].forEach((target, column) => {
      const other = rows[shorter[row]][column];
      if (target < 0) rows[row][column] = other;
      else {
        shorter[target] = other;
        queue.push(target);
      }
    });
  }
}
