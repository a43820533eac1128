import { fileURLToPath } from "node:url";
import { UsageError } from "../base/errors.ts";
import { warn } from "../base/warn.ts";
import type { JsonObject } from "../base/json.ts";
import { warningOfName } from "../format/layout/portable_names.ts";
import { encodeValue } from "../format/json/value.ts";
import type { ListingCache } from "../repo/cache/listing_cache.ts";
import { absolute, isAbsolute } from "../base/paths.ts";
import { initRepository, openReader } from "../repo/open.ts";
import { Repository } from "../repo/repository.ts";
import { LocalStore } from "../store/local/local_store.ts";
import { createExperiment } from "./create.ts";
import { LoggedExperiment } from "./logged_experiment.ts";
import { checkExperimentOptions, type ExperimentOptions } from "./options.ts";

/**
 * Opens a repository for reading and writing.
 *
 * @param location A path; default `./output`. A file URL works too.
 * @param options `create` (default true): make it where there is none; otherwise throws `NotFoundError`.
 *
 * Permissions: read and write on the folder.
 */
export async function openRepository(
  location: string | URL = "./output",
  options: { readonly create?: boolean } = {},
): Promise<LoggingRepository> {
  const text = location instanceof URL || location.startsWith("file:") ? fileURLToPath(location) : location;
  const path = absolute(text, isAbsolute(text) ? "/" : Deno.cwd());
  let reader: Repository;
  try {
    reader = await openReader(path);
  } catch (error) {
    if (options.create === false || (error as Error).name !== "NotFoundError") throw error;
    reader = (await initRepository(path)).repository;
  }
  return new LoggingRepository(new LocalStore(path), reader.version, reader.id);
}

/** A repository to read and to write. */
export class LoggingRepository extends Repository {
  constructor(override readonly store: LocalStore, version: 0 | 1, id?: string, catalogue?: ListingCache) {
    super(store, version, id, catalogue);
  }

  /**
   * Makes an experiment, which is on the disk when the promise resolves; or, by the beginning of its id, opens one that exists,
   * for further runs, tags and notes.
   *
   * @throws {UsageError} For an option that there is not.
   */
  async experiment(of: ExperimentOptions | string): Promise<LoggedExperiment> {
    if (typeof of === "string") return await this.#existing(of);
    checkExperimentOptions(of);
    const { kind, name, params = {}, id, extra = {} } = of;
    const { definition, folder } = await createExperiment(this.store, {
      kind,
      name,
      id,
      params: encodeValue(params) as JsonObject,
      extra: encodeValue(extra) as JsonObject,
    });
    const warning = warningOfName(definition.name);
    if (warning !== undefined) warn(`${warning}; the folder keeps this name for ever`);
    return new LoggedExperiment(this.store, definition, folder);
  }

  async #existing(prefix: string): Promise<LoggedExperiment> {
    const found = await this.findExperiment(prefix);
    if (this.version === 0) {
      throw new UsageError(
        `Cannot open experiment "${found.id}" to write: the repository is in format v0, which dbx does not write; dbx init ` +
          "converts it to format v1",
      );
    }
    return new LoggedExperiment(this.store, found.definition, found.folder, found.version);
  }
}
