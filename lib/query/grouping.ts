import { Growable } from "../index/growable.ts";
import type { Cell } from "./result/cell.ts";
import type { Vector } from "./vector_expression.ts";

/** Whole numbers below this find their group in a table; so many entries all the tables may have together. */
const MOST_DIRECT = 1 << 22;
const MOST_ENTRIES = 1 << 24;

/** Groups by what is the same in a series, then by numbers of its rows. */
export class Grouping {
  /** For each group, a series that has it, and the numbers. */
  readonly series: number[] = [];
  readonly keys: readonly Growable[];
  readonly #outer = new Map<Cell, number>();
  readonly #inner: Inner[] = [];
  #entries = 0;

  constructor(rowKeys: number) {
    this.keys = Array.from({ length: rowKeys }, () => new Growable());
  }

  get count(): number {
    return this.series.length;
  }

  /** The number of the group of series with such cells; where rows have keys of their own, these still go below it. */
  outer(series: number, cells: readonly Cell[]): number {
    // Texts and numbers differ, and -0 is 0.
    const parts = cells.map((cell) => typeof cell === "number" ? String(cell + 0) : cell === null ? 0 : [cell]);
    return this.#outerOf(series, JSON.stringify(parts));
  }

  /** The same for one cell. */
  outerOfOne(series: number, cell: Cell): number {
    return this.#outerOf(series, typeof cell === "number" ? cell + 0 : cell);
  }

  #outerOf(series: number, key: Cell): number {
    let group = this.#outer.get(key);
    if (group === undefined) {
      this.#outer.set(key, group = this.#outer.size);
      if (this.keys.length === 0) this.series.push(series);
      else this.#inner.push({ direct: new Int32Array(), others: new Map(), nothing: -1, series });
    }
    return group;
  }

  /** The groups of rows of a series whose outer group is known. */
  each(outer: number, keys: readonly Vector[], count: number, out: Int32Array): void {
    const inner = this.#inner[outer];
    if (keys.length > 1) return this.#composed(inner, keys, count, out);
    const [key] = keys;
    if (typeof key === "number") {
      out.fill(this.#one(inner, key), 0, count);
      return;
    }
    let { direct } = inner;
    for (let i = 0; i < count; i++) {
      const value = key[i];
      const at = value | 0;
      if (at === value && at >= 0 && at < direct.length) {
        const known = direct[at];
        if (known > 0) {
          out[i] = known - 1;
          continue;
        }
      }
      out[i] = this.#one(inner, value);
      direct = inner.direct;
    }
  }

  #one(inner: Inner, value: number): number {
    if (value !== value) return inner.nothing < 0 ? inner.nothing = this.#add(inner, [NaN]) : inner.nothing;
    const at = value | 0;
    if (at === value && at >= 0 && (at < inner.direct.length || this.#enlarge(inner, at))) {
      if (inner.direct[at] === 0) {
        // A number that was met before there was room for it.
        const known = inner.others.get(value + 0);
        inner.direct[at] = 1 + (known ?? this.#add(inner, [value]));
      }
      return inner.direct[at] - 1;
    }
    let group = inner.others.get(value + 0);
    if (group === undefined) inner.others.set(value + 0, group = this.#add(inner, [value]));
    return group;
  }

  #enlarge(inner: Inner, at: number): boolean {
    if (at >= MOST_DIRECT) return false;
    const length = Math.max(1024, inner.direct.length * 2, at + 1);
    if (this.#entries + length > MOST_ENTRIES) return false;
    this.#entries += length - inner.direct.length;
    const more = new Int32Array(length);
    more.set(inner.direct);
    inner.direct = more;
    return true;
  }

  #composed(inner: Inner, keys: readonly Vector[], count: number, out: Int32Array): void {
    for (let i = 0; i < count; i++) {
      const values = keys.map((key) => (typeof key === "number" ? key : key[i]) + 0);
      const text = values.join(" ");
      let group = inner.others.get(text);
      if (group === undefined) inner.others.set(text, group = this.#add(inner, values));
      out[i] = group;
    }
  }

  #add(inner: Inner, values: readonly number[]): number {
    this.keys.forEach((column, at) => column.push(values[at] + 0));
    return this.series.push(inner.series) - 1;
  }
}

/** The groups below an outer one. */
interface Inner {
  /** By whole number: one more than the group, 0 where there is none yet. */
  direct: Int32Array;
  readonly others: Map<number | string, number>;
  /** The group of NULL. */
  nothing: number;
  readonly series: number;
}
