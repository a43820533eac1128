import { parentOf } from "../../../base/paths.ts";
import { closeFifo, openFifo, openFifoFile } from "../../../fs/fifo.ts";
import { type DerivedFolder, derivedFolder } from "../../../fs/folders/derived_folder.ts";
import { LinkError } from "../../../fs/folders/root_folder.ts";
import type { Keeper } from "./keeper.ts";

/** The child's ends of its output, and dbx's. */
export interface Pipes {
  readonly folder: string;
  /** Descriptors for the child; `closeChildEnds` after it has started. */
  readonly out: number;
  readonly err: number;
  readonly stdout: Deno.FsFile;
  readonly stderr: Deno.FsFile;
  closeChildEnds(): void;
}

/**
 * Makes two FIFOs for a child's output, of which the keeper holds the read ends: a child that prints gets no SIGPIPE when dbx
 * dies. The first folder that can be made is taken; undefined where none can hold a FIFO.
 */
export async function makePipes(keeper: Keeper, folders: readonly string[]): Promise<Pipes | undefined> {
  for (const folder of folders) {
    const place = derivedFolder(folder);
    try {
      // The one for temporary files is there, and not dbx's to make.
      if (place.folder !== "") place.root.makeFolder(parentOf(place.folder));
    } catch (error) {
      if (error instanceof LinkError) continue;
      // The keeper will find out whether the folder can be used.
    }
    if (!await keeper.makePipes(folder)) continue;
    // An opening for reading and writing waits for nobody; then each end is there when the others are opened.
    const [outName, errName] = [place.nameOf("out"), place.nameOf("err")];
    const both = [openFifo(place.root, outName, "r+"), openFifo(place.root, errName, "r+")];
    try {
      if (!await keeper.hold()) return undefined;
      const [stdout, stderr] = [openFifoFile(place.root, outName), openFifoFile(place.root, errName)];
      const [out, err] = [openFifo(place.root, outName, "w"), openFifo(place.root, errName, "w")];
      return {
        folder,
        out,
        err,
        stdout,
        stderr,
        closeChildEnds() {
          for (const end of [out, err]) closeFifo(end);
        },
      };
    } finally {
      for (const end of both) closeFifo(end);
    }
  }
  return undefined;
}

/**
 * Opens the read end of a FIFO so that its end is seen: an opening that waits for a writer would wait for ever if the last one
 * has gone.
 */
export function openReadEnd(place: DerivedFolder, name: string): Deno.FsFile {
  const both = openFifoFile(place.root, place.nameOf(name), { read: true, write: true });
  try {
    return openFifoFile(place.root, place.nameOf(name));
  } finally {
    both.close();
  }
}

/** Removes the folder of FIFOs, if it is still there. */
export function removePipes(folder: string): void {
  const place = derivedFolder(folder);
  try {
    if (place.folder === "") place.root.removeAll();
    else place.root.removeFolder(place.folder);
  } catch {
    // The keeper was faster, or it is not dbx's any more.
  }
}
