import { OBJECTS_FOLDER, runsFolder } from "../../format/layout/names.ts";
import type { Yielder } from "../../base/yielder.ts";
import { isIdV0 } from "../../base/ids.ts";
import { type FolderState, folderState, isSameState, isSettled } from "../cache/folder_state.ts";
import { hintOf, type Ids } from "./ids.ts";
import type { LookupContext, Place } from "./context.ts";

/** The folders in a folder, and the state of which that is known to hold. */
interface Listed {
  readonly state: FolderState | undefined;
  readonly names: readonly string[];
}

/** Of more ids, none is sought that looks like one that is not there. */
const MAX_IDS_FOR_HINT = 2000;

/**
 * Goes through the folders of a repository for its ids, again and again: where a folder has not changed since the last walk,
 * one look at it is all.
 */
export class IdWalk {
  #listed: ReadonlyMap<string, Listed> = new Map();
  /** Folders that were seen to hold an experiment; they do as long as they are there. */
  #experiments: ReadonlySet<string> = new Set();
  #ids: WalkedIds | undefined;

  constructor(readonly repository: LookupContext) {}

  /** The ids that there are now. It gives way to other work, and throws when the signal of `yielder` aborts. */
  async walk(yielder: Yielder): Promise<Ids> {
    const walk = new Round(this.repository, this.#listed, this.#experiments, yielder);
    const ids = await walk.go(this.#ids);
    [this.#listed, this.#experiments, this.#ids] = [walk.listed, walk.experiments, ids];
    return ids;
  }
}

/** One walk. */
class Round {
  readonly listed = new Map<string, Listed>();
  readonly experiments = new Set<string>();
  #isChanged = false;

  constructor(
    readonly repository: LookupContext,
    readonly before: ReadonlyMap<string, Listed>,
    readonly knownExperiments: ReadonlySet<string>,
    readonly yielder: Yielder,
  ) {}

  /** `last`: what the walk before found, which is given again where nothing has changed. */
  async go(last: WalkedIds | undefined): Promise<WalkedIds> {
    const places: Place[] = [];
    const runs: string[] = [];
    const owners: Place[] = [];
    const folders = [""];
    // The list grows while it is gone through.
    for (const folder of folders) {
      const inside = folder === "" ? "" : `${folder}/`;
      for (const name of await this.#namesIn(folder)) {
        if (folder === "" && name === OBJECTS_FOLDER) continue;
        if (this.yielder.shouldYield) await this.yielder.yieldNow();
        const path = inside + name;
        if (!await this.#isExperiment(path, name)) {
          folders.push(path);
          continue;
        }
        const place = { id: name, folder: path };
        places.push(place);
        for (const run of await this.#namesIn(runsFolder(path))) {
          runs.push(run);
          owners.push(place);
        }
      }
    }
    const isSame = last !== undefined && !this.#isChanged && last.places.length === places.length;
    return isSame ? last : new WalkedIds(places, runs, owners);
  }

  async #isExperiment(path: string, name: string): Promise<boolean> {
    if (!isIdV0(name)) return false;
    const isKnown = this.knownExperiments.has(path);
    if (!isKnown && !await this.repository.isExperiment(path)) return false;
    this.#isChanged ||= !isKnown;
    this.experiments.add(path);
    return true;
  }

  async #namesIn(folder: string): Promise<readonly string[]> {
    const seenAt = Date.now();
    const state = folderState(this.repository.store, folder);
    const known = this.before.get(folder);
    if (state !== undefined && known?.state !== undefined && isSameState(known.state, state)) {
      this.listed.set(folder, known);
      return known.names;
    }
    const { entries, isPlain } = await this.repository.listing(folder, { signal: this.yielder.signal });
    const names: string[] = [];
    for (const { kind, name } of entries) if (kind === "folder" && !name.startsWith(".")) names.push(name);
    const isKept = state !== undefined && isPlain && isSettled(state, seenAt);
    this.#isChanged ||= known === undefined || known.names.length !== names.length ||
      names.some((name, at) => name !== known.names[at]);
    this.listed.set(folder, { state: isKept ? state : undefined, names });
    return names;
  }
}

/** What a walk found. */
class WalkedIds implements Ids {
  readonly #all: ReadonlySet<string>;

  /** `owners`: of each of the runs, the experiment. */
  constructor(
    readonly places: readonly Place[],
    readonly runs: readonly string[],
    readonly owners: readonly Place[],
  ) {
    const all = new Set(runs);
    for (const { id } of places) all.add(id);
    this.#all = all;
  }

  ownersOf(prefix: string): Promise<Place[]> {
    const isWhole = isIdV0(prefix);
    const owners = new Set<Place>();
    if (!isWhole || this.#all.has(prefix)) {
      for (const [at, run] of this.runs.entries()) if (run.startsWith(prefix)) owners.add(this.owners[at]);
    }
    return Promise.resolve([...owners]);
  }

  isNamed(id: string): boolean {
    return this.#all.has(id);
  }

  hint(prefix: string): string {
    return this.#all.size > MAX_IDS_FOR_HINT ? "" : hintOf([...this.#all], prefix);
  }
}
