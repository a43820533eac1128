import type { TableImage } from "../image/table_image.ts";

/** Loaded tables that queries to come may need again: the last used ones, up to some bytes. */
export class LoadedTables {
  readonly #tables = new Map<string, TableImage>();
  #bytes = 0;

  constructor(readonly most = 256 * 1024 * 1024) {}

  get(key: string): TableImage | undefined {
    const found = this.#tables.get(key);
    if (found !== undefined) {
      this.#tables.delete(key);
      this.#tables.set(key, found);
    }
    return found;
  }

  /** Keeps a table, which must be complete. Those that were not used for longest give way. */
  set(key: string, table: TableImage): void {
    const known = this.#tables.get(key);
    if (known !== undefined) this.#drop(key, known);
    if (table.bytes > this.most) return;
    this.#tables.set(key, table);
    this.#bytes += table.bytes;
    for (const [key, table] of this.#tables) {
      if (this.#bytes <= this.most) break;
      this.#drop(key, table);
    }
  }

  #drop(key: string, table: TableImage): void {
    this.#tables.delete(key);
    this.#bytes -= table.bytes;
  }
}
