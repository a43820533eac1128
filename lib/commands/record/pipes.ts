import { closeSync, openSync } from "node:fs";
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
    try {
      await Deno.mkdir(folder.slice(0, folder.lastIndexOf("/")), { recursive: true });
    } catch {
      continue;
    }
    if (!await keeper.makePipes(folder)) continue;
    // An opening for reading and writing waits for nobody; then each end is there when the others are opened.
    const both = [openSync(`${folder}/out`, "r+"), openSync(`${folder}/err`, "r+")];
    try {
      if (!await keeper.hold()) return undefined;
      const [stdout, stderr] = [Deno.openSync(`${folder}/out`), Deno.openSync(`${folder}/err`)];
      const [out, err] = [openSync(`${folder}/out`, "w"), openSync(`${folder}/err`, "w")];
      return {
        folder,
        out,
        err,
        stdout,
        stderr,
        closeChildEnds() {
          for (const end of [out, err]) closeSync(end);
        },
      };
    } finally {
      for (const end of both) closeSync(end);
    }
  }
  return undefined;
}

/**
 * Opens the read end of a FIFO so that its end is seen: an opening that waits for a writer would wait for ever if the last one
 * has gone.
 */
export function openReadEnd(path: string): Deno.FsFile {
  const both = Deno.openSync(path, { read: true, write: true });
  try {
    return Deno.openSync(path);
  } finally {
    both.close();
  }
}
