import { type Problem, problem } from "../problems/problem.ts";

/** What a check has met. */
export interface Seen {
  readonly experiments: SeenIds;
  readonly runs: SeenIds;
}

/** In which folders something of each id is. */
export class SeenIds {
  readonly #first = new Map<string, string>();
  readonly #several = new Map<string, string[]>();

  add({ id, folder }: { readonly id: string; readonly folder: string }): void {
    const first = this.#first.get(id);
    if (first === undefined) this.#first.set(id, folder);
    else if (this.#several.has(id)) this.#several.get(id)!.push(folder);
    else this.#several.set(id, [first, folder]);
  }

  /** The ids of which there are several, with their folders in order. */
  *several(): Generator<{ readonly id: string; readonly folders: readonly string[] }> {
    for (const [id, folders] of this.#several) yield { id, folders: folders.toSorted() };
  }
}

/** Names the ids that stand in more than one place. */
export function* duplicates({ experiments, runs }: Seen): Generator<Problem> {
  for (const { id, folders: [path, ...others] } of experiments.several()) {
    // It was moved or copied by hand, and then came again from another copy.
    const message =
      `the experiment ${id} exists here and in ${others.join(", ")}: it was moved or copied by hand; keep the ` +
      "folder that its name says, move what only the others have into it (runs, notes), and remove the others";
    yield problem("duplicate", { path, message });
  }
  for (const { id, folders } of runs.several()) {
    if (new Set(folders.map(ownerOf)).size === 1) continue; // That is said of its experiment.
    const [path, ...others] = folders;
    const message =
      `the run ${id} exists here and in ${others.join(", ")}: it was moved or copied by hand; remove all but the one ` +
      "that it was made as";
    yield problem("duplicate", { path, message });
  }
}

/** The experiment's id in the folder of a run: `name/experiment/runs/run`. */
function ownerOf(folder: string): string | undefined {
  return folder.split("/").at(-3);
}
