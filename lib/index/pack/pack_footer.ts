import { checksum, type Encoding } from "../encoding/encoding.ts";
import { aligned, type Block, BLOCK_NUMBERS, decodeBlock, encodeBlock } from "./footer_block.ts";
import {
  LAID_COLUMNS,
  type LaidColumn,
  type Numbers,
  type Table,
  TABLE_NAMES,
  type TableName,
  TABLES,
} from "./footer_layout.ts";

export { ENDS, NONE, NUMBERS, ODD_NAMES, ONE_WORD, TOO_MANY_LEAVES, TOO_MANY_SERIES, WORDS } from "./footer_layout.ts";
export type { RowOf, Table, TableName } from "./footer_layout.ts";

/** A line that is not an event; the numbers are those of `BadLine`. */
export type DirectoryProblem = readonly [part: number, line: number, offset: number, message: string];

/** What a pack holds, without its columns. */
export interface PackFooter {
  readonly strings: readonly string[];
  readonly problems: readonly DirectoryProblem[];
  /** The columns of the words of leaves: their bytes, and where each ends. */
  readonly words: { readonly bytes: number; readonly ends: number };
  readonly parts: Table<"parts">;
  readonly folders: Table<"folders">;
  readonly letters: Table<"letters">;
  readonly sections: Table<"sections">;
  readonly groups: Table<"groups">;
  readonly series: Table<"series">;
  readonly coordinates: Table<"coordinates">;
  readonly leaves: Table<"leaves">;
  readonly columns: Table<"columns">;
}

/** What is short in a directory, and always read. */
interface Head {
  readonly layout: number;
  readonly strings: string[];
  readonly problems: DirectoryProblem[];
  readonly words: PackFooter["words"];
  readonly lengths: number[];
}

/** The tables as a number: a directory of other ones is not read. */
const LAYOUT = checksum(new TextEncoder().encode(JSON.stringify(TABLES)));

/** Gives the numbers of a column of the directory: its place among `LAID_COLUMNS`. */
export type ColumnLoader = (at: number) => Numbers;

/** A table whose columns are asked for by their names, each loaded once. */
class LazyTable {
  readonly #columns: (Numbers | undefined)[] = [];

  constructor(readonly length: number, readonly load: ColumnLoader) {}

  column(at: number): Numbers {
    return this.#columns[at] ??= this.load(at);
  }
}

/** A class per table, with a getter per column. */
const CLASSES = Object.fromEntries(TABLE_NAMES.map((table) => {
  const made = class extends LazyTable {};
  for (const [at, column] of LAID_COLUMNS.entries()) {
    if (column.table !== table) continue;
    Object.defineProperty(made.prototype, column.name, {
      get(this: LazyTable) {
        return this.column(at);
      },
    });
  }
  return [table, made];
})) as unknown as Record<TableName, typeof LazyTable>;

/** A directory whose columns are loaded by need. `lengths`: of the tables, in their order. */
export function directoryOf(
  { strings, problems, words, lengths }: Omit<Head, "layout">,
  load: ColumnLoader,
): PackFooter {
  const tables = TABLE_NAMES.map((name, at) => [name, new CLASSES[name](lengths[at], load)]);
  return { ...Object.fromEntries(tables), strings, problems, words } as PackFooter;
}

/** The numbers of a column of a directory. */
export function numbersOf(directory: PackFooter, { table, name }: LaidColumn): Numbers {
  return (directory[table] as unknown as Readonly<Record<string, Numbers>>)[name];
}

/** A directory as bytes: its columns, for an offset of a file, then their description. */
export function encodeDirectory(
  directory: PackFooter,
  offset: number,
): { pieces: Uint8Array<ArrayBuffer>[]; head: Uint8Array<ArrayBuffer> } {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const blocks = new Float64Array(LAID_COLUMNS.length * BLOCK_NUMBERS);
  let at = offset;
  for (const [index, column] of LAID_COLUMNS.entries()) {
    const { numbers, bytes } = encodeBlock(numbersOf(directory, column), column.type);
    blocks.set([at, ...numbers], index * BLOCK_NUMBERS);
    const end = at + bytes.length;
    pieces.push(bytes, new Uint8Array(aligned(end) - end));
    at = aligned(end);
  }
  const { strings, problems, words } = directory;
  const lengths = TABLE_NAMES.map((table) => directory[table].length);
  const text = new TextEncoder().encode(JSON.stringify({ layout: LAYOUT, strings, problems, words, lengths }));
  const head = new Uint8Array(blocks.byteLength + text.length);
  head.set(new Uint8Array(blocks.buffer));
  head.set(text, blocks.byteLength);
  return { pieces, head };
}

/** Reads bytes of a pack that must have a checksum; throws where they have another. `first`: where the first of all starts. */
export type CheckedRead = (offset: number, length: number, check: number, first: number) => Uint8Array<ArrayBuffer>;

/** The directory that a head describes. Throws if it has another layout. */
export function decodeDirectory(head: Uint8Array<ArrayBuffer>, read: CheckedRead): PackFooter {
  const length = LAID_COLUMNS.length * BLOCK_NUMBERS * 8;
  const blocks = new Float64Array(head.slice(0, length).buffer);
  const json = JSON.parse(new TextDecoder().decode(head.subarray(length))) as Head;
  if (json.layout !== LAYOUT) throw new RangeError("a directory of another layout");
  return directoryOf(json, (at) => {
    const from = at * BLOCK_NUMBERS;
    const [offset, count, encoding, base, step, check] = blocks.subarray(from, from + BLOCK_NUMBERS);
    const block: Block = { count, encoding: encoding as Encoding, base, step };
    return decodeBlock(block, LAID_COLUMNS[at].type, (length) => read(offset, length, check, blocks[0]));
  });
}

/** Loads all columns, so that what is damaged is noticed. */
export function loadAll(directory: PackFooter): void {
  for (const column of LAID_COLUMNS) numbersOf(directory, column);
}
