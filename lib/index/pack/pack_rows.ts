import type { PackFooter } from "./pack_footer.ts";
import { type RowOf, type TableName, TABLES } from "./footer_layout.ts";
import type { Pack } from "./pack.ts";
import { Code, hashOf, type WordTable } from "../encoding/word_table.ts";

/** A row of a table of a directory. */
export function rowOf<K extends TableName>(directory: PackFooter, table: K, index: number): RowOf<K> {
  const row: Record<string, number> = {};
  const columns = directory[table] as unknown as Readonly<Record<string, Readonly<Record<number, number>>>>;
  for (const name of Object.keys(TABLES[table])) row[name] = columns[name][index];
  return row as RowOf<K>;
}

/** What proves the bytes of a part. */
export function sectionsOf({ directory: { parts, sections } }: Pack, part: number): [to: number, check: number][] {
  const all: [number, number][] = [];
  for (let at = parts.sectionsFrom[part]; at < parts.sectionsTo[part]; at++) {
    all.push([sections.to[at], sections.check[at]]);
  }
  return all;
}

/** Gives the words of a pack codes of another table. */
export class WordCopier {
  readonly #codes = new Map<number, number>();

  constructor(readonly into: WordTable, readonly pack: Pack) {}

  codeOf(code: number): number {
    if (code < Code.FirstWord) return code;
    let own = this.#codes.get(code);
    if (own === undefined) {
      const bytes = this.pack.words.bytesOf(code);
      const hash = hashOf(bytes, 0, bytes.length);
      const found = this.into.find(bytes, 0, bytes.length, hash);
      own = found >= 0 ? found : this.into.add(bytes, 0, bytes.length, hash);
      this.#codes.set(code, own);
    }
    return own;
  }

  codesOf(codes: Float64Array): Float64Array {
    return codes.map((code) => this.codeOf(code));
  }
}
