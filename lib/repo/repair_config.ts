import { DbxError } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import {
  type RecoveredConfig,
  recoverRepositoryConfig,
  serializeRepositoryConfig,
} from "../format/definitions/repository_config.ts";
import { LOCAL_FOLDER, MARKER_FILE } from "../format/layout/names.ts";
import { createFile, replaceFile } from "../fs/files/atomic_file.ts";
import { isAbsent } from "../fs/files/file_operations.ts";
import type { LocalStore } from "../store/local/local_store.ts";
import { MARKER_COPY, rememberedMarker } from "./open.ts";

/** What became of a marker. */
export interface RepairedMarker {
  readonly id: string;
  /** Where the id comes from. */
  readonly from: "copy" | "text" | "new";
  /** The old bytes, relative to the repository; undefined where there was no marker. */
  readonly kept?: string;
}

/**
 * Writes a new marker in the place of one that is damaged or gone, from what the copy remembers and what can still be
 * read. The old bytes are kept under `.dbx`. Undefined if the marker is in order.
 *
 * @throws {VersionError} For a version that this program does not know.
 * @throws {DbxError} Where nothing says that the folder is a repository.
 */
export async function repairMarker(store: LocalStore, now: number): Promise<RepairedMarker | undefined> {
  const path = store.path(MARKER_FILE);
  const bytes = readIfThere(store);
  const known = await rememberedMarker(store);
  let found: RecoveredConfig = {};
  if (bytes !== undefined) {
    found = recoverRepositoryConfig(new TextDecoder().decode(bytes), path);
    if (found.problem === undefined) return undefined;
  } else if (known === undefined) {
    throw new DbxError(
      `Cannot repair the marker of "${store.location}": there is no ${MARKER_FILE}, and no ${MARKER_COPY} that remembers it; dbx init creates a repository`,
    );
  }
  const id = known?.id ?? found.id ?? newId();
  const text = serializeRepositoryConfig({ id, createdAt: known?.createdAt ?? found.createdAt ?? now });
  let kept: string | undefined;
  if (bytes !== undefined) {
    kept = `${LOCAL_FOLDER}/${MARKER_FILE}.damaged-${newId()}`;
    store.folder.makeFolder(LOCAL_FOLDER);
    createFile(store.folder, kept, bytes);
  }
  replaceFile(store.folder, MARKER_FILE, text);
  return { id, from: known?.id !== undefined ? "copy" : found.id !== undefined ? "text" : "new", kept };
}

function readIfThere(store: LocalStore): Uint8Array | undefined {
  try {
    return store.folder.readFile(MARKER_FILE);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
