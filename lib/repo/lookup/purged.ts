import { PURGED_FOLDER } from "../../format/layout/names.ts";
import { NotFoundError } from "../../base/errors.ts";
import { isIdV0 } from "../../base/ids.ts";
import { purgedId, tombstoneName } from "../../format/layout/tombstone.ts";
import { GONE, PurgedError } from "../../store/local/purge/tombstones.ts";
import type { RepositoryContext } from "../experiments/context.ts";

/** Looks for something by an id. Where it is not there because it was purged, the error says so. */
export async function unlessPurged<T>(repository: RepositoryContext, word: string, find: () => Promise<T>): Promise<T> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    for (const id of word.split("/").filter(isIdV0)) {
      if (await repository.store.stat(tombstoneName(id)) === undefined) continue;
      throw new PurgedError(`Cannot find "${id}" in ${repository.location}: ${GONE}`);
    }
    throw error;
  }
}

/** The ids of all that was purged. */
export async function purgesOf({ store }: RepositoryContext): Promise<string[]> {
  const ids: string[] = [];
  for await (const { name, kind } of store.list(PURGED_FOLDER)) {
    const id = kind === "file" ? purgedId(`${PURGED_FOLDER}/${name}`) : undefined;
    if (id !== undefined) ids.push(id);
  }
  return ids;
}
