import { lastSegment, parentOf } from "../../base/paths.ts";

/** Folders in which frameworks write the values of one part of a training, with the same names as in the others. */
const PARTS = new Set(["train", "training", "validation", "valid", "val", "eval", "evaluation", "test"]);

/**
 * Names for the values in several folders of one run. The first folder is that of the run, and has none, but for one that is
 * called as a part of a training is (`train`). Folders below the run's, or beside, have their path from there.
 */
export class FolderPrefixes {
  #base: string | undefined;

  /** `train/`, or nothing. */
  of(folder: string): string {
    const isPart = PARTS.has(lastSegment(folder));
    this.#base ??= isPart ? (folder.includes("/") ? parentOf(folder) : "") : folder;
    if (folder === this.#base) return "";
    const below = this.#base === "" ? "" : `${this.#base}/`;
    return `${folder.startsWith(below) ? folder.slice(below.length) : folder}/`;
  }
}
