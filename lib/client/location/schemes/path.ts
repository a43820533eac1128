import { UsageError } from "../../../base/errors.ts";
import { absolute } from "../../../base/paths.ts";
import { indexFolder, indexFolders } from "../index_folder.ts";
import type { Scheme } from "../scheme.ts";

/** A folder of this machine, or of one whose disk is mounted here. */
export interface PathLocation {
  readonly kind: "folder";
  /** Absolute. */
  readonly path: string;
}

/** Paths, and `file:` URLs. */
export const pathScheme: Scheme<PathLocation> = {
  kind: "folder",
  forms: "file:, and paths",

  parse(text, cwd) {
    if (text === "") throw new UsageError("Cannot use an empty location");
    if (/^file:/i.test(text)) {
      return { kind: "folder", path: absolute(decodeURIComponent(new URL(text).pathname), "/") };
    }
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? undefined : { kind: "folder", path: absolute(text, cwd) };
  },

  address: ({ path }) => path,

  nameOf: ({ path }) => path.split("/").filter(Boolean).at(-1),

  permissions({ path }, environment, writes) {
    const index = indexFolders(path, environment);
    return { read: [path, ...index], write: writes ? [path, ...index] : index };
  },

  async openStore({ path }, opening) {
    const { LocalStore } = await import("../../../store/local/local_store.ts");
    return opening.localStore?.(path) ?? new LocalStore(path, { cache: `${indexFolder(path, opening)}/folders` });
  },

  async openReader({ path }, opening) {
    const { openReader } = await import("../../../repo/open.ts");
    const { LocalStore } = await import("../../../store/local/local_store.ts");
    const { FileCatalogue } = await import("../../../query/snapshot/catalogue/file_catalogue.ts");
    // What queries learnt is used, and left as it is.
    const catalogue = new FileCatalogue(indexFolders(path, opening)[0]);
    return await openReader(opening.localStore?.(path) ?? new LocalStore(path), { catalogue });
  },

  async openRepository({ path }, options) {
    const { openRepository } = await import("../../../logger/open.ts");
    const { LocalRepository } = await import("../../local_repository.ts");
    const { store, version, id } = await openRepository(path, options);
    if (options.index !== undefined) await store.renewDerived(options.index);
    return new LocalRepository(store, version, id, options.index);
  },
};
