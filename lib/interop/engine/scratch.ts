import { newId } from "../../base/ids.ts";
import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import type { LocalStore } from "../../store/local/local_store.ts";

const FOLDER = `${LOCAL_FOLDER}/import`;
const PREFIX = "scratch-";

/** After so many milliseconds, what an import left that was killed is removed. */
const LEFT_MS = 24 * 3600 * 1000;

/** Folders for files of a moment, in this copy of the repository, which is never sent. */
export class Scratch implements AsyncDisposable {
  readonly #made: string[] = [];

  constructor(readonly store: LocalStore) {}

  /** Makes an empty folder. */
  async make(): Promise<string> {
    this.store.folder.makeFolder(FOLDER);
    if (this.#made.length === 0) await this.#removeLeft();
    const folder = this.store.path(`${FOLDER}/${PREFIX}${newId()}`);
    await Deno.mkdir(folder, { mode: 0o700 });
    this.#made.push(folder);
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const folder of this.#made.splice(0)) await Deno.remove(folder, { recursive: true }).catch(() => {});
  }

  async #removeLeft(): Promise<void> {
    const parent = this.store.path(FOLDER);
    for await (const { name, isDirectory } of Deno.readDir(parent)) {
      if (!isDirectory || !name.startsWith(PREFIX)) continue;
      const { mtime } = await Deno.lstat(`${parent}/${name}`);
      if (Date.now() - (mtime?.getTime() ?? 0) > LEFT_MS) await Deno.remove(`${parent}/${name}`, { recursive: true });
    }
  }
}
