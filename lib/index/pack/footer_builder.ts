import { lastSegment, parentOf } from "../../base/paths.ts";
import { directoryOf, type DirectoryProblem, type PackFooter } from "./pack_footer.ts";
import { LAID_COLUMNS, type Numbers, type RowOf, TABLE_NAMES, type TableName, TABLES } from "./footer_layout.ts";
import { Float64Builder } from "../encoding/float64_builder.ts";

interface TableBuilder {
  readonly names: readonly string[];
  readonly columns: readonly Float64Builder[];
}

/** Fills a directory row by row. */
export class FooterBuilder {
  readonly #tables: Readonly<Record<TableName, TableBuilder>>;
  readonly #strings = new Map<string, number>();
  #letters = new Uint8Array(1 << 12);
  #lettersLength = 0;
  /** The folder that came last: the logs of a run come one after the other. */
  #folder: string | undefined;
  readonly problems: DirectoryProblem[] = [];

  constructor() {
    const made = TABLE_NAMES.map((table) => {
      const names = Object.keys(TABLES[table]);
      return [table, { names, columns: names.map(() => new Float64Builder()) }];
    });
    this.#tables = Object.fromEntries(made);
  }

  string(text: string): number {
    let index = this.#strings.get(text);
    if (index === undefined) this.#strings.set(text, index = this.#strings.size);
    return index;
  }

  /** The folder and the name of a log. */
  path(path: string): { readonly folder: number; readonly name: number } {
    const folder = parentOf(path);
    if (folder !== this.#folder) {
      this.#folder = folder;
      this.#putLetters(folder);
      this.add("folders", { end: this.#lettersLength });
    }
    return { folder: this.count("folders") - 1, name: this.string(lastSegment(path)) };
  }

  #putLetters(text: string): void {
    const needed = this.#lettersLength + text.length * 3;
    if (needed > this.#letters.length) {
      const more = new Uint8Array(Math.max(needed, this.#letters.length * 2));
      more.set(this.#letters);
      this.#letters = more;
    }
    this.#lettersLength += encoder.encodeInto(text, this.#letters.subarray(this.#lettersLength)).written;
  }

  /** Adds a row; its index. */
  add<K extends TableName>(table: K, row: RowOf<K>): number {
    const { names, columns } = this.#tables[table];
    const index = columns[0].length;
    for (let at = 0; at < names.length; at++) columns[at].push((row as Readonly<Record<string, number>>)[names[at]]);
    return index;
  }

  /** Bytes that the tables will have, about. */
  get bytes(): number {
    let bytes = this.#lettersLength;
    for (const table of TABLE_NAMES) bytes += TYPICAL_WIDTH * this.#tables[table].names.length * this.count(table);
    return bytes;
  }

  count(table: TableName): number {
    return this.#tables[table].columns[0].length;
  }

  /** Starts again, in the same memory: what was built is no longer good. */
  clear(): void {
    for (const { columns } of Object.values(this.#tables)) for (const column of columns) column.length = 0;
    this.#strings.clear();
    this.#lettersLength = 0;
    this.#folder = undefined;
    this.problems.length = 0;
  }

  /** What was added, good as long as nothing more is. */
  build(words: PackFooter["words"]): PackFooter {
    const columns = LAID_COLUMNS.map(({ table, name, type }): Numbers => {
      if (type === "u8") return this.#letters.subarray(0, this.#lettersLength);
      const { names, columns } = this.#tables[table];
      const { filled } = columns[names.indexOf(name)];
      return type === "u32" ? Uint32Array.from(filled) : filled;
    });
    const lengths = TABLE_NAMES.map((table) => table === "letters" ? this.#lettersLength : this.count(table));
    const { problems } = this;
    const head = { strings: [...this.#strings.keys()], problems, words, lengths };
    return directoryOf(head, (at) => columns[at]);
  }
}

/** Bytes that a number of a table takes in a file: many columns say the same in each row. */
const TYPICAL_WIDTH = 2;

const encoder = new TextEncoder();
