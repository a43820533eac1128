/** A longer row is not put together: a quote that is never closed would take all of a file. */
const MAX_ROW = 16 * 1024 * 1024;

/** A row of cells. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** The line that it begins on. */
  readonly line: number;
}

/** Rows of comma-separated values. A cell in quotes may hold separators, quotes (twice) and line feeds. */
export class CsvRows {
  #held: string[] = [];
  #length = 0;
  #quotes = 0;
  #from = 0;

  constructor(readonly separator: string) {}

  /** Whether a row has begun whose end has not come. */
  get isOpen(): boolean {
    return this.#held.length > 0;
  }

  /** The line that the open row begins on. */
  get line(): number {
    return this.#from;
  }

  /**
   * The row that a line ends, undefined where it goes on.
   *
   * @throws {RangeError} Where it goes on for too long; the lines so far are passed over.
   */
  push(line: string, number: number): CsvRow | undefined {
    if (!this.isOpen) {
      if (!line.includes('"')) return { cells: line.split(this.separator), line: number };
      this.#from = number;
    }
    this.#held.push(line);
    this.#length += line.length;
    this.#quotes += countQuotes(line);
    if (this.#quotes % 2 === 1) {
      if (this.#length <= MAX_ROW) return undefined;
      this.#take();
      throw new RangeError("a quote is not closed");
    }
    return { cells: cellsOf(this.#take(), this.separator), line: this.#from };
  }

  #take(): string {
    const text = this.#held.join("\n");
    this.#held = [];
    this.#length = 0;
    this.#quotes = 0;
    return text;
  }
}

/** The cells of a whole row. */
export function cellsOf(row: string, separator: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= row.length;) {
    let end: number;
    if (row[at] === '"') {
      const pieces: string[] = [];
      let from = at + 1;
      for (end = row.indexOf('"', from); end >= 0 && row[end + 1] === '"'; end = row.indexOf('"', from)) {
        pieces.push(row.slice(from, end + 1));
        from = end + 2;
      }
      if (end < 0) end = row.length;
      cells.push(pieces.join("") + row.slice(from, end));
      end = row.indexOf(separator, end);
    } else {
      end = row.indexOf(separator, at);
      cells.push(row.slice(at, end < 0 ? row.length : end));
    }
    at = end < 0 ? row.length + 1 : end + 1;
  }
  return cells;
}

/** The separator of a first line: of comma, tab and semicolon the one that it has most. */
export function separatorOf(header: string): string {
  const counts = SEPARATORS.map((separator) => cellsOf(header, separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))];
}

const SEPARATORS = [",", "\t", ";"];

function countQuotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
}
