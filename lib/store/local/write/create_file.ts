import { AlreadyExistsError } from "../../../base/errors.ts";
import { parentOf } from "../../../base/paths.ts";
import { privacyOf } from "../../../format/layout/file_modes.ts";
import { toDiskError } from "../../../fs/disk_error.ts";
import { temporaryBeside, writeAllSync } from "../../../fs/files/file_operations.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import type { WriteGuard } from "../../write_guard.ts";
import { showing, shownIn } from "../files/show_change.ts";
import { checkNotPurged } from "../purge/tombstones.ts";

/** Makes a file, of bytes or of a stream, as the contract of a store says. */
export async function createLocalFile(
  root: RootFolder,
  name: string,
  data: Uint8Array | ReadableStream<Uint8Array>,
  guard: WriteGuard | undefined,
): Promise<void> {
  checkNotPurged(root, name);
  const folder = parentOf(name);
  const temporary = temporaryBeside(name);
  const ask = (size: number, read: () => Uint8Array) => {
    if (guard !== undefined && root.lstat(name) === undefined) guard.file(name, size, read);
  };
  try {
    // What is refused leaves no folder.
    if (data instanceof Uint8Array) ask(data.length, () => data);
    root.makeFolder(folder);
    try {
      {
        const privacy = data instanceof Uint8Array ? privacyOf(name, data) : {};
        using file = root.open(temporary, { write: true, createNew: true, ...privacy });
        if (data instanceof Uint8Array) writeAllSync(file, data);
        else for await (const piece of data) writeAllSync(file, piece);
        file.syncSync();
      }
      if (!(data instanceof Uint8Array)) ask(root.lstat(temporary)?.size ?? 0, () => root.readFile(temporary));
      showing(root, shownIn(root, name, undefined), () => root.place(temporary, name));
    } finally {
      root.remove(temporary);
    }
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw new AlreadyExistsError(`"${name}" exists in ${root.path}`);
    throw toDiskError(error, root.pathOf(name));
  }
  root.syncNames(folder);
}
