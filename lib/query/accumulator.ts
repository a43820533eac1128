import { totalOf } from "../index/series_table.ts";
import { deviationOf, DEVIATIONS } from "./sqlite/functions.ts";
import { NotCovered } from "./parse_select.ts";
import type { NumberType, Vector } from "./vector_expression.ts";

/** What is known of some numbers together. */
export interface Summary {
  /** Numbers that are not NaN. */
  readonly numbers: number;
  readonly sum: number;
  readonly sumError: number;
  readonly min: number;
  readonly max: number;
}

/** An aggregate over groups, which are numbered from 0. NaN is NULL, and is passed over. */
export interface Accumulator {
  /** Takes in `count` values that all belong to one group. */
  addAll(group: number, values: Vector, count: number): void;
  /** Takes in `count` values, each for the group of its place; there are `most` groups. */
  addEach(groups: Int32Array, values: Vector, count: number, most: number): void;
  /** Takes in what is known of many numbers; not every aggregate can. */
  addSummary?(group: number, summary: Summary): void;
  /** The value for a group; NaN is NULL. */
  result(group: number): number;
}

/** Numbers by group, which start as `empty`. */
class ByGroup {
  data: Float64Array;

  constructor(readonly empty: number) {
    this.data = new Float64Array(64).fill(empty);
  }

  /** Makes room for a group. */
  reach(group: number): Float64Array {
    if (group < this.data.length) return this.data;
    const more = new Float64Array(Math.max(group + 1, this.data.length * 2)).fill(this.empty, this.data.length);
    more.set(this.data);
    return this.data = more;
  }
}

/** The accumulator of an aggregate. `star`: of rows, not of values. */
export function accumulatorOf(name: string, star: boolean, type: NumberType): Accumulator {
  if (name === "count") return star ? new RowCount() : new Count();
  if (name === "min" || name === "max") return new Extreme(name === "max");
  if (Object.hasOwn(DEVIATIONS, name)) return new Deviation(DEVIATIONS[name]);
  return new Sum(name, type);
}

/** One number as an array. */
function spread(values: Vector, count: number): Float64Array {
  return typeof values === "number" ? new Float64Array(count).fill(values) : values;
}

class RowCount implements Accumulator {
  readonly #counts = new ByGroup(0);

  addAll(group: number, _values: Vector, count: number): void {
    this.#counts.reach(group)[group] += count;
  }

  addEach(groups: Int32Array, _values: Vector, count: number, most: number): void {
    const counts = this.#counts.reach(most);
    for (let i = 0; i < count; i++) counts[groups[i]]++;
  }

  result(group: number): number {
    return this.#counts.reach(group)[group];
  }
}

class Count implements Accumulator {
  readonly #counts = new ByGroup(0);

  addAll(group: number, values: Vector, count: number): void {
    const counts = this.#counts.reach(group);
    if (typeof values === "number") {
      if (values === values) counts[group] += count;
      return;
    }
    let numbers = 0;
    for (let i = 0; i < count; i++) if (values[i] === values[i]) numbers++;
    counts[group] += numbers;
  }

  addEach(groups: Int32Array, values: Vector, count: number, most: number): void {
    const counts = this.#counts.reach(most);
    const array = spread(values, count);
    for (let i = 0; i < count; i++) if (array[i] === array[i]) counts[groups[i]]++;
  }

  addSummary(group: number, { numbers }: Summary): void {
    this.#counts.reach(group)[group] += numbers;
  }

  result(group: number): number {
    return this.#counts.reach(group)[group];
  }
}

/** `sum`, `total` and `avg`, by Neumaier's sum, as SQLite adds. */
class Sum implements Accumulator {
  readonly #sums = new ByGroup(0);
  readonly #errors = new ByGroup(0);
  readonly #counts = new ByGroup(0);

  constructor(readonly name: string, readonly type: NumberType) {}

  addAll(group: number, values: Vector, count: number): void {
    const array = spread(values, count);
    let sum = this.#sums.reach(group)[group];
    let error = this.#errors.reach(group)[group];
    let numbers = 0;
    for (let i = 0; i < count; i++) {
      const value = array[i];
      if (value !== value) continue;
      numbers++;
      const next = sum + value;
      const part = next - sum;
      error += (sum - (next - part)) + (value - part);
      sum = next;
    }
    this.#sums.data[group] = sum;
    this.#errors.data[group] = error;
    this.#counts.reach(group)[group] += numbers;
  }

  addEach(groups: Int32Array, values: Vector, count: number, most: number): void {
    const sums = this.#sums.reach(most);
    const errors = this.#errors.reach(most);
    const counts = this.#counts.reach(most);
    const array = spread(values, count);
    for (let i = 0; i < count; i++) {
      const value = array[i];
      if (value !== value) continue;
      const group = groups[i];
      // The same error as Neumaier's, without a branch (Knuth's two-sum).
      const sum = sums[group];
      const next = sum + value;
      const part = next - sum;
      errors[group] += (sum - (next - part)) + (value - part);
      sums[group] = next;
      counts[group]++;
    }
  }

  addSummary(group: number, { numbers, sum, sumError }: Summary): void {
    if (numbers === 0) return;
    const known = this.#sums.reach(group)[group];
    // Infinities of both signs have no sum, which is not the same as no numbers.
    const next = known + sum;
    const lost = Math.abs(known) > Math.abs(sum) ? (known - next) + sum : (sum - next) + known;
    this.#sums.data[group] = next;
    this.#errors.reach(group)[group] += sumError + lost;
    this.#counts.reach(group)[group] += numbers;
  }

  result(group: number): number {
    const count = this.#counts.reach(group)[group];
    const sum = totalOf(this.#sums.reach(group)[group], this.#errors.reach(group)[group]);
    if (this.name === "total") return sum;
    if (count === 0) return NaN;
    if (this.name === "avg") return sum / count;
    if (this.type === "integer" && Math.abs(sum) > Number.MAX_SAFE_INTEGER) throw new NotCovered("so large a sum");
    return sum;
  }
}

class Extreme implements Accumulator {
  readonly #values = new ByGroup(NaN);

  constructor(readonly isMax: boolean) {}

  addAll(group: number, values: Vector, count: number): void {
    const array = typeof values === "number" ? Float64Array.of(values) : values;
    const length = typeof values === "number" ? Math.min(count, 1) : count;
    let best = NaN;
    let i = 0;
    while (i < length && array[i] !== array[i]) i++;
    if (i < length) best = array[i];
    if (this.isMax) { for (; i < length; i++) if (array[i] > best) best = array[i]; }
    else for (; i < length; i++) if (array[i] < best) best = array[i];
    this.#take(group, best);
  }

  #take(group: number, value: number): void {
    const values = this.#values.reach(group);
    const known = values[group];
    if (value === value && (known !== known || (this.isMax ? value > known : value < known))) values[group] = value;
  }

  addEach(groups: Int32Array, values: Vector, count: number, most: number): void {
    const bests = this.#values.reach(most);
    const array = spread(values, count);
    for (let i = 0; i < count; i++) {
      const value = array[i];
      const best = bests[groups[i]];
      if (best !== best || (this.isMax ? value > best : value < best)) {
        if (value === value) bests[groups[i]] = value;
      }
    }
  }

  addSummary(group: number, { min, max }: Summary): void {
    this.#take(group, this.isMax ? max : min);
  }

  result(group: number): number {
    return this.#values.reach(group)[group];
  }
}

class Deviation implements Accumulator {
  readonly #counts = new ByGroup(0);
  readonly #firsts = new ByGroup(0);
  readonly #sums = new ByGroup(0);
  readonly #squares = new ByGroup(0);
  #groups = new Int32Array();

  constructor(readonly which: { readonly sample: boolean; readonly root: boolean }) {}

  addAll(group: number, values: Vector, count: number): void {
    if (this.#groups.length < count) this.#groups = new Int32Array(count);
    this.addEach(this.#groups.fill(group, 0, count), values, count, group);
  }

  addEach(groups: Int32Array, values: Vector, count: number, most: number): void {
    const counts = this.#counts.reach(most);
    const firsts = this.#firsts.reach(most);
    const sums = this.#sums.reach(most);
    const squares = this.#squares.reach(most);
    const array = spread(values, count);
    for (let i = 0; i < count; i++) {
      const value = array[i];
      if (value !== value) continue;
      const group = groups[i];
      if (counts[group]++ === 0) firsts[group] = value;
      const distance = value - firsts[group];
      sums[group] += distance;
      squares[group] += distance * distance;
    }
  }

  result(group: number): number {
    const [count, sum, squares] = [this.#counts, this.#sums, this.#squares].map((each) => each.reach(group)[group]);
    return deviationOf(this.which, count, sum, squares);
  }
}
