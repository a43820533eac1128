/** Lines out of text that comes in chunks, which may end anywhere. It holds the beginning of a line until its end has come. */
export class TextLines {
  #pieces: string[] = [];
  #length = 0;

  /**
   * @param maxLength Characters of a line.
   * @param tooLong The error that `push` throws where a line is longer.
   */
  constructor(
    readonly maxLength = Infinity,
    readonly tooLong: () => Error = () => new RangeError(`A line has more than ${maxLength} characters`),
  ) {}

  /** Characters that are held. */
  get length(): number {
    return this.#length;
  }

  /** The lines that a chunk completes, without their line feeds. */
  push(text: string): string[] {
    // Only what came is looked through: a line may come in very many pieces.
    const end = text.indexOf("\n");
    this.#hold(end < 0 ? text : text.slice(0, end));
    if (end < 0) return [];
    const lines = text.slice(end + 1).split("\n");
    lines.unshift(this.take());
    this.#hold(lines.pop()!);
    if (lines.some(({ length }) => length > this.maxLength)) throw this.tooLong();
    return lines;
  }

  /** Gives what is held, and forgets it. */
  take(): string {
    const text = this.#pieces.join("");
    this.#pieces = [];
    this.#length = 0;
    return text;
  }

  #hold(text: string): void {
    if (text === "") return;
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.#length > this.maxLength) throw this.tooLong();
  }
}
