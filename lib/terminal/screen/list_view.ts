/** Which row of a list is chosen, and which is the first that is shown. */
export class ListView {
  cursor = 0;
  top = 0;

  /** Moves the cursor by some rows, within a list. */
  move(by: number, count: number): void {
    this.cursor = Math.max(0, Math.min(count - 1, this.cursor + by));
  }

  /** Moves what is shown, and the cursor only as far as it must. */
  scroll(by: number, count: number, height: number): void {
    this.top = Math.max(0, Math.min(count - height, this.top + by));
    this.cursor = Math.max(this.top, Math.min(this.top + height - 1, count - 1, this.cursor));
  }

  /** Fits both to a list and the rows that are shown of it. Returns the positions that are shown, from and to. */
  fit(count: number, height: number): readonly [from: number, to: number] {
    this.cursor = Math.max(0, Math.min(count - 1, this.cursor));
    if (this.cursor < this.top) this.top = this.cursor;
    if (this.cursor >= this.top + height) this.top = this.cursor - height + 1;
    this.top = Math.max(0, Math.min(this.top, count - height));
    return [this.top, Math.min(count, this.top + height)];
  }
}
