import type { LocalStore } from "../store/local.ts";

/** So many answers are remembered. */
const MOST = 4096;

/** An answer and what it was made of. */
interface Kept {
  readonly text: string;
  readonly etag: string;
  /** Files and folders with their times and lengths. */
  readonly of: readonly (readonly [path: string, stamp: string])[];
}

/** Remembers answers for as long as the files and folders that they are made of stay as they are. */
export class Memo {
  readonly #kept = new Map<string, Kept>();

  constructor(readonly store: LocalStore) {}

  /** The answer, if nothing that it is made of has changed. */
  get(key: string): Kept | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    for (const [path, stamp] of kept.of) {
      if (this.#stamp(path) === stamp) continue;
      this.#kept.delete(key);
      return undefined;
    }
    return kept;
  }

  /** The stamps of names, to be taken before what is in them is read. */
  stamps(names: readonly string[]): readonly (readonly [string, string])[] {
    return names.map((name) => {
      const path = this.store.path(name);
      return [path, this.#stamp(path)] as const;
    });
  }

  keep(key: string, kept: Kept): void {
    if (this.#kept.size >= MOST) this.#kept.clear();
    this.#kept.set(key, kept);
  }

  #stamp(path: string): string {
    try {
      const { mtime, size } = Deno.lstatSync(path);
      return `${mtime?.getTime()} ${size}`;
    } catch {
      return "-";
    }
  }
}
