import { INTERIOR, PAGE, type PageList } from "./page_list.ts";
import { TableImage } from "./table_image.ts";
import { writeVarint } from "./varint.ts";

/** A table of a database; its image is finished. */
export interface ImageTable {
  readonly name: string;
  readonly sql: string;
  readonly image: TableImage;
}

/** The head of the first page, which belongs to the whole file. */
const FILE_HEAD = 100;

/** How many pages an interior page has below it at most, whatever the numbers of their rows are. */
const FAN_OUT = Math.floor((PAGE - FILE_HEAD - 12) / 15);

/** A database of tables, as a file of SQLite has it. */
export function databaseImage(tables: readonly ImageTable[]): Uint8Array {
  const schema = new TableImage(["text", "text", "text", "integer", "text"], FILE_HEAD);
  let pages = tables.reduce((sum, { image }) => sum + image.pages.count + interiorCount(image.pages.leaves.length), 0);
  // The root of each table comes behind its other pages; the schema has the first page, and all behind the tables.
  let first = 1;
  const starts = tables.map(({ name, sql, image }) => {
    const start = first;
    const { count, leaves } = image.pages;
    first += count + interiorCount(leaves.length);
    const root = leaves.length === 1 ? leaves[0] + start : first - 1;
    const row = ["table", name, name, BigInt(root + 1), sql];
    schema.add({ count: 1, columns: row.map((value) => ({ kind: "constant", value })) });
    return start;
  });
  schema.finish();
  const { leaves } = schema.pages;
  const start = pages + 1;
  pages += 1 + schema.pages.count + Math.max(0, interiorCount(leaves.length) - 1);
  const bytes = new Uint8Array(pages * PAGE);
  tables.forEach(({ image }, at) => place(bytes, image.pages, starts[at]));
  const root = place(bytes, schema.pages, start, 0);
  if (root !== 0) {
    // A single leaf, which is the last page, moves to the first one: the room for the file's head is free on it.
    moveToFirst(bytes, root);
    pages--;
  }
  writeFileHead(bytes, pages);
  return bytes.subarray(0, pages * PAGE);
}

/** How many pages stand above some leaves. */
function interiorCount(leaves: number): number {
  let count = 0;
  for (let below = leaves; below > 1;) count += below = Math.ceil(below / FAN_OUT);
  return count;
}

/**
 * Copies the pages of a table and builds those above them. Returns the root.
 *
 * @param root Where the root stands, if it is an interior page; else behind all others.
 */
function place(bytes: Uint8Array, pages: PageList, start: number, root?: number): number {
  const view = new DataView(bytes.buffer);
  pages.copyTo(bytes, start * PAGE);
  for (const link of pages.links) {
    const at = start * PAGE + link;
    view.setUint32(at, view.getUint32(at) + start);
  }
  let below = pages.leaves.map((leaf) => leaf + start);
  let lastRows: readonly number[] = pages.lastRows;
  let next = start + pages.count;
  while (below.length > 1) {
    const above: number[] = [];
    const rows: number[] = [];
    for (let from = 0; from < below.length; from += FAN_OUT) {
      const to = Math.min(below.length, from + FAN_OUT);
      const number = below.length <= FAN_OUT && root !== undefined ? root : next++;
      writeInterior(bytes, number, below.slice(from, to), lastRows.slice(from, to));
      above.push(number);
      rows.push(lastRows[to - 1]);
    }
    [below, lastRows] = [above, rows];
  }
  return below[0];
}

function writeInterior(bytes: Uint8Array, number: number, below: readonly number[], lastRows: readonly number[]): void {
  const view = new DataView(bytes.buffer, number * PAGE, PAGE);
  const page = bytes.subarray(number * PAGE, (number + 1) * PAGE);
  const head = number === 0 ? FILE_HEAD : 0;
  const cells = below.length - 1;
  let end = PAGE;
  for (let at = 0; at < cells; at++) {
    const cell = new Uint8Array(13);
    const length = writeVarint(cell, 4, lastRows[at]);
    new DataView(cell.buffer).setUint32(0, below[at] + 1);
    end -= length;
    page.set(cell.subarray(0, length), end);
    view.setUint16(head + 12 + 2 * at, end);
  }
  page[head] = INTERIOR;
  view.setUint16(head + 3, cells);
  view.setUint16(head + 5, end);
  view.setUint32(head + 8, below[cells] + 1);
}

function moveToFirst(bytes: Uint8Array, from: number): void {
  const page = bytes.subarray(from * PAGE, (from + 1) * PAGE);
  const count = new DataView(bytes.buffer, from * PAGE).getUint16(3);
  const head = 8 + 2 * count;
  bytes.set(page.subarray(0, head), FILE_HEAD);
  bytes.set(page.subarray(FILE_HEAD + head), FILE_HEAD + head);
}

/** From the file format: sizes, the version of the schema's format, and the encoding of texts, UTF-8. */
function writeFileHead(bytes: Uint8Array, pages: number): void {
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("SQLite format 3\0"));
  view.setUint16(16, PAGE);
  bytes.set([1, 1, 0, 64, 32, 32], 18);
  view.setUint32(24, 1);
  view.setUint32(28, pages);
  view.setUint32(40, 1);
  view.setUint32(44, 4);
  view.setUint32(56, 1);
  view.setUint32(92, 1);
  view.setUint32(96, 3_053_000);
}
