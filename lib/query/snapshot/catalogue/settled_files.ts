import { type FolderState, isSameState } from "../../../repo/cache/folder_state.ts";
import type { Ahead, Looked } from "./ahead/looked.ts";
import type { Segment } from "./segment/segment.ts";
import { isSettledRow, type SettledIn } from "./settled.ts";

/**
 * The settled experiments of the files of a catalogue, as they were when all were looked at: as long as the folders in which they
 * stand are in the states that these had before, they need not be looked at again (FORMAT.md).
 */
export class SettledFiles implements Ahead {
  readonly #files = new Map<Segment, Looked>();

  /** Throws `DamagedFile`. */
  constructor(files: readonly SettledIn[], readonly folders: ReadonlyMap<string, FolderState>) {
    for (const { segment, besides } of files) this.#files.set(segment, settledIn(segment, besides));
  }

  /** Whether it describes the experiments in a folder. */
  tellsOf(folder: string, state: FolderState): boolean {
    const own = this.folders.get(folder);
    return own !== undefined && isSameState(own, state);
  }

  of(segment: Segment): Looked | undefined {
    return this.#files.get(segment);
  }

  [Symbol.dispose](): void {}
}

function settledIn(segment: Segment, besides: ReadonlySet<string>): Looked {
  const settled = new Uint8Array(segment.count);
  for (let row = 0; row < segment.count; row++) {
    if (!isSettledRow(segment, row)) continue;
    if (besides.size === 0 || !besides.has(segment.folderAt(row))) settled[row] = 1;
  }
  const isSettled = (row: number) => settled[row] === 1;
  return { isStill: isSettled, hasRuns: isSettled, isRunStill: () => false, log: () => undefined };
}
