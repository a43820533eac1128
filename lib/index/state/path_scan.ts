import type { PackFooter } from "../pack/pack_footer.ts";
import { lastSegment, parentOf } from "../../base/paths.ts";

const encoder = new TextEncoder();

/** Finds one log among the parts of packs by going through them: for a few logs this takes less than a table of all. */
export class PathScan {
  readonly #folder: Uint8Array;
  readonly #name: string;

  /** `path`: of the log. */
  constructor(path: string) {
    this.#folder = encoder.encode(parentOf(path));
    this.#name = lastSegment(path);
  }

  /** The last part of the log in a directory; undefined where it has none. */
  lastPartIn({ folders, letters, parts, strings }: PackFooter): number | undefined {
    const name = strings.indexOf(this.#name);
    if (name < 0) return undefined;
    let last = -1;
    for (const folder of this.#foldersIn(folders.end, letters.byte)) {
      for (let part = parts.folder.indexOf(folder); part >= 0; part = parts.folder.indexOf(folder, part + 1)) {
        if (parts.name[part] === name && part > last) last = part;
      }
    }
    return last < 0 ? undefined : last;
  }

  /** The rows of the folder. `ends`: where the letters of each end. */
  *#foldersIn(ends: Uint32Array, letters: Uint8Array): Generator<number> {
    const wanted = this.#folder;
    const { length } = wanted;
    let from = 0;
    for (let folder = 0; folder < ends.length; folder++) {
      const to = ends[folder];
      if (to - from === length) {
        // Ids differ most at their ends.
        let at = length - 1;
        while (at >= 0 && letters[from + at] === wanted[at]) at--;
        if (at < 0) yield folder;
      }
      from = to;
    }
  }
}
