import { lastSegment, parentOf } from "../../../base/paths.ts";
import type { KnownExperiment } from "../../../repo/cache/listing_cache.ts";
import type { FolderState } from "../../../repo/cache/folder_state.ts";
import { type BranchLine, numberOf } from "./segment/layout.ts";

/** How many experiments there are, and the sum of their ids: what shows whether all of a folder are there. */
export function countOf(experiments: readonly Pick<KnownExperiment, "folder">[]): { count: number; sum: number } {
  let sum = 0;
  for (const { folder } of experiments) sum += numberOf(idOf(folder));
  return { count: experiments.length, sum };
}

/** The folder above, and the name in it. */
export function split(folder: string): [parent: string, id: string] {
  return [parentOf(folder), lastSegment(folder)];
}

/** The name of a folder. */
export function idOf(folder: string): string {
  return lastSegment(folder);
}

/** The state of a folder that holds experiments. */
export function stateOf({ state: [device, inode, modifiedAt, changedAt] }: BranchLine): FolderState {
  return { device, inode, modifiedAt, changedAt };
}
