import { DbxError } from "../../../base/errors.ts";
import { newId } from "../../../base/ids.ts";
import { encodeEvent } from "../../../format/events/encode_event.ts";
import { FILE_EVENT, PUT_LOG_PREFIX } from "../../../format/events/file_event.ts";
import { expfile } from "../../../format/json/special_values.ts";
import { ownFiles } from "../../../repo/check/left_files.ts";
import { filesBelow } from "../../../store/local/files/gc_files.ts";
import { keepFile } from "../../../store/local/keep_file.ts";
import { LocalStore } from "../../../store/local/local_store.ts";
import type { Context } from "../../../cli/command.ts";

/**
 * Keeps the files that a command wrote to `$DBX_FILES` after all that recorded it was killed, and removes the folder. Returns whether
 * there was one.
 */
export async function importFiles(context: Context, id: string, say: (message: string) => void): Promise<boolean> {
  const store = new LocalStore(context.repo);
  const own = ownFiles(id);
  const files = filesBelow(store.folder, own).filter(({ kind }) => kind === "file").map(({ name }) => name).toArray();
  if (files.length === 0) return false;
  const run = await (await context.repository()).findRun(id);
  if ((await run.status(Date.now())).status === "running") {
    throw new DbxError(
      `Cannot adopt "${id}": the run is still running, or was killed a moment ago; try again in two minutes`,
    );
  }
  const log = run.logPath(PUT_LOG_PREFIX + newId());
  let offset = 0;
  for (const file of files.sort()) {
    const name = file.slice(own.length + 1);
    const kept = await keepFile(store, store.path(file), { link: file });
    if (kept === undefined) throw new DbxError(`Cannot keep "${name}": it is still being written; try again later`);
    const { sha256, size } = kept;
    const value = expfile({ exp: run.experiment.id, name, sha256 });
    const line = new TextEncoder().encode(encodeEvent(FILE_EVENT, Date.now(), { name, size, file: value }));
    await store.append(log, offset, line);
    offset += line.length;
  }
  store.folder.removeFolder(own);
  say(`imported ${files.length === 1 ? "a file" : `${files.length} files`} of run ${run.experiment.id}/${run.id}`);
  return true;
}
