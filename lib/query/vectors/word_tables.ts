/** What was found out about the words of texts: kept for word lists that are met again and again, by place. */
export class WordTables {
  readonly #lists = new WeakMap<readonly string[], { table: Int32Array | undefined; rows: number }>();

  /**
   * A table for a list of words, 0 where nothing is known. Undefined: there are so many words, and so few rows so far, that it
   * does not help.
   */
  tableFor(words: readonly string[], rows: number): Int32Array | undefined {
    let list = this.#lists.get(words);
    if (list === undefined) this.#lists.set(words, list = { table: undefined, rows: 0 });
    list.rows += rows;
    if (list.table === undefined && words.length <= 4 * list.rows + 64) list.table = new Int32Array(words.length);
    return list.table;
  }
}
