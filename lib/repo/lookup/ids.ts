import { runsFolder } from "../../format/layout/names.ts";
import { isIdV0 } from "../../base/ids.ts";
import { didYouMean } from "../../base/suggest.ts";
import type { LookupContext, Place } from "./context.ts";

/** The ids of a repository, as they were at one time. */
export interface Ids extends Named {
  /** Where all experiments are. */
  readonly places: readonly Place[];
  /** The experiments that have a run whose id starts with a prefix. */
  ownersOf(prefix: string): Promise<readonly Place[]>;
}

/** What may be said of ids when one is not found. */
export interface Named {
  /** Whether something has this id. */
  isNamed(id: string): boolean;
  /** `; did you mean "x"?` or nothing. */
  hint(prefix: string): string;
  /** Where all experiments are, if it is known. */
  readonly places?: readonly Place[];
}

/** Ids that were listed for one question. */
export class ListedIds implements Ids {
  /** Those of runs that were met. */
  readonly #runs: string[] = [];

  private constructor(readonly repository: LookupContext, readonly places: readonly Place[]) {}

  static async of(repository: LookupContext): Promise<ListedIds> {
    return new ListedIds(repository, await Array.fromAsync(repository.places()));
  }

  /** An id is of one thing only: when the whole of it was met, nothing further is looked at. */
  async ownersOf(prefix: string): Promise<Place[]> {
    const owners: Place[] = [];
    for (const place of this.places) {
      const runs = await runsIn(this.repository, place.folder);
      for (const run of runs) this.#runs.push(run);
      if (!runs.some((run) => run.startsWith(prefix))) continue;
      owners.push(place);
      if (runs.includes(prefix)) break;
    }
    return owners;
  }

  isNamed(id: string): boolean {
    return this.places.some((place) => place.id === id) || this.#runs.includes(id);
  }

  hint(prefix: string): string {
    return hintOf([...this.places.map(({ id }) => id), ...this.#runs], prefix);
  }
}

/** The names of the folders of the runs of the experiment in a folder. */
export async function runsIn(repository: LookupContext, folder: string): Promise<string[]> {
  const entries = await repository.entries(runsFolder(folder));
  return entries.filter(({ kind, name }) => kind === "folder" && isIdV0(name)).map(({ name }) => name);
}

/** Which of these ids a beginning may have meant: in order, so that of several that are as near the same is named each time. */
export function hintOf(ids: readonly string[], prefix: string): string {
  // Any id is near to one or two letters.
  if (prefix.length < 3) return "";
  const starts = new Set(ids.map((id) => id.slice(0, Math.max(prefix.length, 1))));
  return didYouMean(prefix, [...starts].sort());
}
