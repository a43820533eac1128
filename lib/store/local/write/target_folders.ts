import { parentOf } from "../../../base/paths.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";

/** Folders that are open at a time while their names are made durable. */
const OPEN_FOLDERS = 16;

/** The folders that files are written to: made where they are not there, and made durable together. */
export class TargetFolders {
  readonly #known = new Set<string>();
  readonly #unsynced = new Set<string>();

  constructor(readonly root: RootFolder) {}

  /** Makes the folder that a name stands in, where it is not there. */
  makeFor(name: string): void {
    const folder = parentOf(name);
    this.#unsynced.add(folder);
    if (this.#known.has(folder)) return;
    if (this.isGone) throw new Deno.errors.NotFound(`"${this.root.path}" is gone`);
    for (const changed of this.root.makeFolderLater(folder)) this.#unsynced.add(changed);
    this.#known.add(folder);
  }

  /** A folder that was there is gone: each is looked at again. */
  forget(): void {
    this.#known.clear();
  }

  /** What was refused leaves no folders that were made for it. */
  removeEmpty(folder: string): void {
    for (let at = folder; at !== "" && this.root.removeEmptyFolder(at); at = parentOf(at)) this.#known.delete(at);
  }

  /** Makes the names in them durable. */
  async sync(): Promise<void> {
    const folders = [...this.#unsynced];
    this.#unsynced.clear();
    for (let from = 0; from < folders.length; from += OPEN_FOLDERS) {
      await Promise.all(folders.slice(from, from + OPEN_FOLDERS).map((name) => this.root.sync(name)));
    }
  }

  /** Whether the root itself is gone. */
  get isGone(): boolean {
    return this.root.lstat("") === undefined;
  }
}
