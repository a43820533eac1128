import { isIdV0 } from "../base/ids.ts";
import { NotFoundError } from "../base/errors.ts";
import { unlessRefused } from "../fs/links/links_met.ts";
import { looksLikeV0 } from "../format/definitions/v0.ts";
import { isJsonObject } from "../format/json/fields.ts";
import { definitionFile, MARKER_FILE, MAX_DEPTH, META_FILE } from "../format/layout/names.ts";
import { isPathTooDeep, isUsable } from "../store/names.ts";
import type { Entry, Store } from "../store/store.ts";

/** Folders that are looked into before a folder without a marker counts as none of dbx's. */
const MAX_FOLDERS = 1000;

/**
 * Makes sure that a folder without a marker is a repository of v0: an experiment of v0 is in it, or in folders below it that
 * group experiments and so hold nothing else. It looks into few folders, so that a home folder is refused at once.
 *
 * @throws {NotFoundError} For any other folder; it says why, and what to do.
 */
export async function checkVersion0(store: Store): Promise<void> {
  const there = await store.stat("");
  if (there === undefined || there.kind === "file") {
    const why = there === undefined ? "it does not exist" : "it is a file";
    throw new NotFoundError(
      `Cannot open the repository "${store.location}": ${why}; create it with "dbx init", or name another one with --repo or DBX_REPO`,
    );
  }
  await unlessRefused(async () => {
    const search = new Search(store);
    if (await search.findsExperiment()) return;
    const inside = await search.repositoryBelow();
    throw new NotFoundError(
      `Cannot open the repository "${store.location}": it has no dbx.json, and is not one of dbxlogger either; ` +
        (inside === undefined ? "" : `"${store.location}/${inside}" is one; `) +
        `name another one with --repo or DBX_REPO, or make this folder one with "dbx init"`,
    );
  });
}

/** A search from the top down, level by level. */
class Search {
  /** A repository that was met below the top. */
  #repository: string | undefined;

  constructor(readonly store: Store) {}

  async findsExperiment(): Promise<boolean> {
    const folders = [""];
    // The list grows while it is gone through.
    for (const [count, folder] of folders.entries()) {
      if (count === MAX_FOLDERS) return false;
      const entries = await this.#entries(folder);
      if (entries.some(({ name }) => name === MARKER_FILE)) {
        this.#repository ??= folder;
        continue;
      }
      const children = entries.filter(({ name, kind }) => kind === "folder" && isUsable(name));
      const inside = folder === "" ? "" : `${folder}/`;
      for (const { name } of children) {
        if (isIdV0(name) && await this.#isExperiment(inside + name, name)) return true;
      }
      if (children.length < entries.length) continue;
      for (const { name } of children) {
        const path = inside + name;
        if (path.split("/").length <= MAX_DEPTH && !isPathTooDeep(path)) folders.push(path);
      }
    }
    return false;
  }

  /** A repository with a marker in one of the first folders of the top, or deeper if the search met it. */
  async repositoryBelow(): Promise<string | undefined> {
    const folders = (await this.#entries("")).filter(({ name, kind }) => kind === "folder" && isUsable(name));
    for (const { name } of folders.sort((a, b) => a.name < b.name ? -1 : 1).slice(0, MAX_FOLDERS)) {
      if (await this.store.stat(`${name}/${MARKER_FILE}`) !== undefined) return name;
    }
    return this.#repository;
  }

  /** Whether a folder holds a definition, and logs or a registry of files beside it or its own id in it. */
  async #isExperiment(folder: string, id: string): Promise<boolean> {
    const entries = await this.#entries(folder);
    if (!entries.some(({ name, kind }) => name === META_FILE && kind === "file")) return false;
    if (looksLikeV0(entries)) return true;
    try {
      const definition = JSON.parse(new TextDecoder().decode(await this.store.read(definitionFile(folder))));
      return isJsonObject(definition) && definition.id === id;
    } catch {
      return false;
    }
  }

  /** What stands in a folder and is not hidden or a link; nothing where it cannot be listed. */
  async #entries(folder: string): Promise<readonly Entry[]> {
    try {
      const all = this.store.listNow?.(folder) ?? await Array.fromAsync(this.store.list(folder));
      return all.filter(({ name, isLink }) => !name.startsWith(".") && !isLink);
    } catch (error) {
      if (folder === "") throw error;
      return [];
    }
  }
}
