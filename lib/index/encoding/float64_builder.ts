/** Longer runs are copied by the runtime, shorter ones by a loop. */
const SHORT = 32;

/** Numbers in a row that grows, kept for the next use. */
export class Float64Builder {
  data: Float64Array = new Float64Array(16);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) this.#grow(this.length + 1);
    this.data[this.length++] = value;
  }

  /** Pushes numbers, each with something added. */
  append(values: Float64Array, added = 0): void {
    const at = this.#take(values.length);
    if (added === 0) this.data.set(values, at);
    else for (let i = 0; i < values.length; i++) this.data[at + i] = values[i] + added;
  }

  /** Pushes numbers from a place on. */
  appendFrom(values: Float64Array, from: number, count: number): void {
    const at = this.#take(count);
    if (count > SHORT) this.data.set(values.subarray(from, from + count), at);
    else for (let i = 0; i < count; i++) this.data[at + i] = values[from + i];
  }

  /** The same without their fractions, rounded down. */
  appendWhole(values: Float64Array, from: number, count: number): void {
    const at = this.#take(count);
    for (let i = 0; i < count; i++) this.data[at + i] = Math.floor(values[from + i]);
  }

  /** The same of words of 32 bits, each with something added. */
  appendWords(values: Int32Array, from: number, count: number, added: number): void {
    const at = this.#take(count);
    for (let i = 0; i < count; i++) this.data[at + i] = values[from + i] + added;
  }

  /** Pushes one number several times. */
  fill(value: number, count: number): void {
    const at = this.#take(count);
    this.data.fill(value, at, at + count);
  }

  /** Pushes numbers that count up. */
  count(from: number, count: number): void {
    const at = this.#take(count);
    for (let i = 0; i < count; i++) this.data[at + i] = from + i;
  }

  /** What was pushed, until the next push. */
  get filled(): Float64Array {
    return this.data.subarray(0, this.length);
  }

  /** Makes room behind what is there; where that starts. */
  #take(count: number): number {
    const at = this.length;
    if (at + count > this.data.length) this.#grow(at + count);
    this.length = at + count;
    return at;
  }

  #grow(needed: number): void {
    const more = new Float64Array(Math.max(needed, this.data.length * 2));
    more.set(this.data);
    this.data = more;
  }
}
