/** Bytes of a page. */
export const PAGE = 8192;

/** Kinds of pages of tables: those that hold rows, and those above them. */
export const LEAF = 13;
export const INTERIOR = 5;

/** What a leaf page holds of a longer record at most, and at least: from the file format. */
const MAX_LOCAL = PAGE - 35;
const MIN_LOCAL = Math.floor((PAGE - 12) * 32 / 255) - 23;

/** Pages are kept in pieces of this many. */
const PIECE = 128;

/** Records of rows that follow each other, as they stand in cells. */
export interface CellRun {
  readonly bytes: Uint8Array;
  /** Where each cell begins, and where the last ends. */
  readonly ends: Float64Array;
  /** Where the record of each cell begins. */
  readonly payloads: Int32Array;
  readonly count: number;
  readonly firstRow: number;
}

/** The leaf and overflow pages of a table. Pages are numbered from 0; the numbers are moved when a database is made of them. */
export class PageList {
  readonly #pieces: Uint8Array[] = [];
  #pages = 0;
  /** The numbers of the leaf pages, and the last row of each. */
  readonly leaves: number[] = [];
  readonly lastRows: number[] = [];
  /** Where in the bytes of the pages numbers of pages stand. */
  readonly links: number[] = [];
  /** The cells of the page that is being filled, one behind the other, and where each begins. */
  readonly #open = new Uint8Array(PAGE);
  #starts: number[] = [];
  #length = 0;
  #lastRow = 0;
  /** Where in the open page numbers of pages stand. */
  #openLinks: number[] = [];

  constructor(readonly reserved: number) {}

  get bytes(): number {
    return this.#pages * PAGE;
  }

  /** Adds cells, each to the last page if it has room. */
  addCells({ bytes, ends, payloads, count, firstRow }: CellRun): void {
    const most = MAX_LOCAL - this.reserved;
    const room = PAGE - this.reserved - 8;
    // Cells that go to the same page are copied at once.
    let from = 0;
    for (let row = 0; row < count; row++) {
      const start = ends[row];
      const end = ends[row + 1];
      const isLong = end - payloads[row] > most;
      const isFull = this.#length + (end - ends[from]) + 2 * (this.#starts.length + row - from + 1) > room;
      if (!isLong && !isFull) continue;
      this.#add(bytes, ends, from, row, firstRow);
      from = row;
      if (isLong) {
        this.#addLong(bytes, start, payloads[row], end, firstRow + row);
        from = row + 1;
      } else this.#close();
    }
    this.#add(bytes, ends, from, count, firstRow);
  }

  /** Ends the last page. The pages may be asked for now, and no more cells may be added. */
  finish(): void {
    if (this.#starts.length > 0 || this.leaves.length === 0) this.#close();
    const last = this.#pieces.length - 1;
    this.#pieces[last] = this.#pieces[last].slice(0, (this.#pages - last * PIECE) * PAGE);
  }

  get count(): number {
    return this.#pages;
  }

  /** Copies all pages to a place. */
  copyTo(target: Uint8Array, at: number): void {
    this.#pieces.forEach((piece, index) => {
      const length = Math.min(PIECE, this.#pages - index * PIECE) * PAGE;
      target.set(piece.subarray(0, length), at + index * PIECE * PAGE);
    });
  }

  #add(bytes: Uint8Array, ends: Float64Array, from: number, to: number, firstRow: number): void {
    if (from === to) return;
    const offset = this.#length - ends[from];
    for (let row = from; row < to; row++) this.#starts.push(ends[row] + offset);
    this.#open.set(bytes.subarray(ends[from], ends[to]), this.#length);
    this.#length = ends[to] + offset;
    this.#lastRow = firstRow + to - 1;
  }

  /** A cell whose record goes on in other pages, which are linked by their numbers plus one. */
  #addLong(bytes: Uint8Array, from: number, payload: number, to: number, row: number): void {
    const total = to - payload;
    const most = PAGE - 4;
    const fitting = MIN_LOCAL + (total - MIN_LOCAL) % most;
    const local = fitting <= MAX_LOCAL - this.reserved ? fitting : MIN_LOCAL;
    const length = payload - from + local + 4;
    if (this.#length + length + 2 * (this.#starts.length + 1) > PAGE - this.reserved - 8) this.#close();
    let link = this.#newPage();
    this.#starts.push(this.#length);
    this.#open.set(bytes.subarray(from, payload + local), this.#length);
    this.#length += length;
    this.#lastRow = row;
    this.#openLinks.push(this.#length - 4);
    new DataView(this.#open.buffer).setUint32(this.#length - 4, link + 1);
    for (let at = payload + local; at < to; at += most) {
      const page = this.#page(link);
      const end = Math.min(to, at + most);
      page.set(bytes.subarray(at, end), 4);
      if (end === to) break;
      this.links.push(link * PAGE);
      link = this.#newPage();
      new DataView(page.buffer, page.byteOffset).setUint32(0, link + 1);
    }
  }

  /** The cells of a page stand at its end. */
  #close(): void {
    const number = this.#newPage();
    const page = this.#page(number);
    const view = new DataView(page.buffer, page.byteOffset, PAGE);
    const start = PAGE - this.#length;
    page.set(this.#open.subarray(0, this.#length), start);
    page[0] = LEAF;
    view.setUint16(3, this.#starts.length);
    view.setUint16(5, start);
    for (let at = 0; at < this.#starts.length; at++) view.setUint16(8 + 2 * at, start + this.#starts[at]);
    for (const at of this.#openLinks) this.links.push(number * PAGE + start + at);
    this.leaves.push(number);
    this.lastRows.push(this.#lastRow);
    this.#starts = [];
    this.#openLinks = [];
    this.#length = 0;
  }

  #newPage(): number {
    if (this.#pages % PIECE === 0) this.#pieces.push(new Uint8Array(PIECE * PAGE));
    return this.#pages++;
  }

  #page(number: number): Uint8Array {
    const at = number % PIECE * PAGE;
    return this.#pieces[Math.floor(number / PIECE)].subarray(at, at + PAGE);
  }
}
