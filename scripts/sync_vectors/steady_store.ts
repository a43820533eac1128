import { LocalStore } from "../../lib/store/local/local_store.ts";
import type { Entry, FileEntry, ListFilesOptions } from "../../lib/store/store.ts";
import { stamp } from "./state.ts";

/**
 * A folder that always reports the same for the same files: in the order of their names, and with times that do not
 * pass.
 */
export class SteadyStore extends LocalStore {
  override async *listFiles(options?: ListFilesOptions): AsyncIterable<readonly FileEntry[]> {
    try {
      stamp(this.location);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    const all: FileEntry[] = [];
    for await (const batch of super.listFiles(options)) all.push(...batch);
    yield all.sort(byName);
  }

  override listNow(folder: string): Entry[] {
    return super.listNow(folder).sort(byName);
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
