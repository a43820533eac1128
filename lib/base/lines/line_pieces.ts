import { lengthOfLines } from "./lines_in.ts";

/** Which lines of a file are read, and how much at a time. */
export interface LineRange {
  /** Where the first line begins. Default 0. */
  readonly offset?: number;
  /** The length of the file, or as much of it as counts. */
  readonly size: number;
  /** Bytes to read at a time. A line that is longer is read again, with twice as many. */
  readonly length: number;
  /** Where so many bytes hold no line feed, reading ends. Default: any line is read. */
  readonly maxLine?: number;
}

/** Some bytes to read. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/**
 * Whole lines of a file in pieces of bounded size: says what to read next, and cuts what was read behind its last line feed.
 * {@linkcode readLines} and {@linkcode readLinesSync} are the loops around it.
 */
export class LinePieces {
  #offset: number;
  #length: number;
  #isOver = false;

  constructor(readonly range: LineRange) {
    this.#offset = range.offset ?? 0;
    this.#length = range.length;
  }

  /** Where the whole lines end that were taken. */
  get offset(): number {
    return this.#offset;
  }

  /** What to read next; undefined at the end, or where the last line is not whole. */
  get next(): Span | undefined {
    const left = this.range.size - this.#offset;
    return this.#isOver || left <= 0 ? undefined : { offset: this.#offset, length: Math.min(this.#length, left) };
  }

  /** The whole lines in what was read, none where more has to be read of one; undefined: the file is gone. */
  take<T extends ArrayBufferLike>(bytes: Uint8Array<T> | undefined): Uint8Array<T> | undefined {
    const whole = bytes === undefined ? 0 : lengthOfLines(bytes);
    if (bytes !== undefined && whole > 0) {
      this.#offset += whole;
      this.#length = this.range.length;
      return bytes.subarray(0, whole);
    }
    const { size, maxLine = Infinity } = this.range;
    const isAll = bytes === undefined || bytes.length < this.#length || this.#offset + bytes.length >= size;
    if (isAll || this.#length >= maxLine) this.#isOver = true;
    else this.#length *= 2;
    return undefined;
  }

  /** Goes on at another place, the start of a line. */
  goTo(offset: number): void {
    this.#offset = offset;
    this.#length = this.range.length;
    this.#isOver = false;
  }
}

/** Whole lines, and where they begin. */
export interface LinePiece<T extends ArrayBufferLike = ArrayBuffer> {
  readonly bytes: Uint8Array<T>;
  readonly offset: number;
}

/** The whole lines of a file, piece by piece. `read`: gives fewer bytes only at the end, and undefined where the file is gone. */
export async function* readLines(
  range: LineRange,
  read: (span: Span) => Promise<Uint8Array<ArrayBuffer> | undefined>,
): AsyncGenerator<LinePiece, void> {
  const pieces = new LinePieces(range);
  for (let next = pieces.next; next !== undefined; next = pieces.next) {
    const bytes = pieces.take(await read(next));
    if (bytes !== undefined) yield { bytes, offset: next.offset };
  }
}

/** The same of a file that is read at once. */
export function* readLinesSync(
  range: LineRange,
  read: (span: Span) => Uint8Array<ArrayBuffer>,
): Generator<LinePiece, void> {
  const pieces = new LinePieces(range);
  for (let next = pieces.next; next !== undefined; next = pieces.next) {
    const bytes = pieces.take(read(next));
    if (bytes !== undefined) yield { bytes, offset: next.offset };
  }
}
