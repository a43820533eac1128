/** Numbers in a row that grows, kept for the next use. */
export class Growable {
  data: Float64Array = new Float64Array(16);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) this.#grow();
    this.data[this.length++] = value;
  }

  /** Pushes numbers, each with something added. */
  append(values: Float64Array, added = 0): void {
    const from = this.length;
    this.length += values.length;
    while (this.length > this.data.length) this.#grow();
    if (added === 0) this.data.set(values, from);
    else for (let i = 0; i < values.length; i++) this.data[from + i] = values[i] + added;
  }

  /** What was pushed, until the next push. */
  get filled(): Float64Array {
    return this.data.subarray(0, this.length);
  }

  #grow(): void {
    const more = new Float64Array(this.data.length * 2);
    more.set(this.data);
    this.data = more;
  }
}
