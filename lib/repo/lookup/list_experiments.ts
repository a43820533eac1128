import { OBJECTS_FOLDER } from "../../format/layout/names.ts";
import { lastSegment, parentOf } from "../../base/paths.ts";
import { isIdV0 } from "../../base/ids.ts";
import type { KnownExperiment, KnownRows } from "../cache/listing_cache.ts";
import { Experiment } from "../experiments/experiment.ts";
import { type FolderState, folderState } from "../cache/folder_state.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { Store } from "../../store/store.ts";
import type { ListOptions, LookupContext, Place } from "./context.ts";

/** Experiments that come together in a listing. */
const BATCH = 1000;

/** One folder in a folder that holds experiments. */
interface Child {
  readonly folder: string;
  /** Its name, where that is an id: then it may be an experiment's. */
  readonly id: string | undefined;
  /** What the catalogue knows of it. */
  known: KnownExperiment | undefined;
  /** Whether it was read just now, and is as the catalogue knows it; `done`: it is not to be listed. */
  isRead?: boolean | "done";
}

/** Fewer experiments are read one by one. */
const MANY = 200;

/** What stands in a folder that holds experiments. */
interface Branch {
  readonly children: readonly Child[];
  /** Further ones, of which nothing is made where the caller takes them as they are. */
  readonly rows?: KnownRows;
  /** The state of the folder, and when it was seen; undefined where nothing can be kept of it. */
  readonly at: { readonly state: FolderState; readonly seenAt: number } | undefined;
  /** Whether the catalogue did not know. */
  readonly isNew: boolean;
  /** Ends what other threads do. */
  readonly ahead?: Disposable;
}

/**
 * Every experiment, in arrays. A folder that has not changed since it was listed is not listed again, and an experiment whose
 * folder has not changed is not read again.
 */
export async function* listExperiments(
  repository: LookupContext,
  options: ListOptions,
  folder = "",
): AsyncGenerator<readonly Experiment[]> {
  const { only, asKnown = false, signal } = options;
  const branch = await branchOf(repository, folder, options);
  const { at, isNew } = branch;
  using _ahead = branch.ahead;
  const { taken, left } = takeRows(branch, options);
  const children = options.readMany && at ? await readMany(repository, left, options.readMany) : left;
  const { store } = repository;
  let batch: Experiment[] = [];
  const kept: Pick<KnownExperiment, "folder">[] = [];
  const others: string[] = [];
  let isOther = isNew;
  for (const child of children) {
    const { folder: path, id, known, isRead = false } = child;
    if (isRead === "done") {
      kept.push(child);
      continue;
    }
    if (known !== undefined) {
      if (only !== undefined && !only(known.brief)) {
        kept.push(known);
        continue;
      }
      if (asKnown || isRead || isStill(store, known)) {
        kept.push(known);
        batch.push(new Experiment(repository, known, path, !asKnown));
        if (batch.length < BATCH) continue;
        signal?.throwIfAborted();
        yield batch;
        batch = [];
        continue;
      }
    }
    const found = id === undefined ? undefined : await repository.look(path, id);
    const now = at && found !== undefined ? repository.catalogue?.experiment(path) : undefined;
    if (now === undefined) others.push(lastSegment(path));
    else {
      kept.push(now);
      isOther ||= known === undefined;
    }
    if (found === undefined) {
      if (batch.length > 0) yield batch;
      batch = [];
      yield* listExperiments(repository, options, path);
    } else if (found !== "damaged" && (only === undefined || only(found))) batch.push(found);
    if (batch.length < BATCH) continue;
    signal?.throwIfAborted();
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
  if (!at || !isOther) return;
  for (const number of taken) kept.push(branch.rows!.at(number));
  repository.catalogue?.keepBranch(folder, at.state, at.seenAt, { experiments: kept, others });
}

/** Has the caller take what it takes by rows. `taken`: their numbers. `left`: all other children. */
function takeRows(
  { rows, children }: Branch,
  { takeRow, signal }: ListOptions,
): { readonly taken: readonly number[]; readonly left: readonly Child[] } {
  if (rows === undefined) return { taken: [], left: children };
  const taken: number[] = [];
  const left = [...children];
  for (let number = 0; number < rows.length; number++) {
    if (number % BATCH === 0) signal?.throwIfAborted();
    if (takeRow?.(rows, number)) taken.push(number);
    else {
      const known = rows.at(number);
      left.push({ folder: known.folder, id: known.id, known });
    }
  }
  return { taken, left };
}

/** Has experiments that the catalogue does not know read together, if there are many. */
async function readMany(
  { catalogue }: LookupContext,
  children: readonly Child[],
  read: NonNullable<ListOptions["readMany"]>,
): Promise<readonly Child[]> {
  const unknown = children.filter(({ id, known }) => id !== undefined && known === undefined);
  if (unknown.length < MANY) return children;
  unknown.sort((a, b) => a.id! < b.id! ? -1 : 1);
  const many = await read(unknown.map(({ folder }) => folder));
  if (many === undefined) return children;
  let all: ReadonlyMap<string, KnownExperiment> | undefined;
  for (const [at, child] of unknown.entries()) {
    if (many.isDone(at)) child.isRead = "done";
    else if (many.isKnown(at)) {
      all ??= catalogue!.experimentsIn(parentOf(child.folder));
      child.known = all.get(child.id!);
      child.isRead = child.known !== undefined;
    }
  }
  return children;
}

/** Whether the folder of an experiment is in the state in which the catalogue knows it. */
function isStill(store: Store, known: KnownExperiment): boolean {
  if (known.isSeenStill?.()) return true;
  const state = folderState(store, known.folder);
  return state !== undefined && known.isAt(state);
}

/** Where every experiment is, without reading those that the catalogue knows. */
export async function* listPlaces(repository: LookupContext, folder = ""): AsyncGenerator<Place> {
  for (const { folder: path, id, known } of (await branchOf(repository, folder)).children) {
    if (id !== undefined && (known !== undefined || await repository.isExperiment(path))) yield { id, folder: path };
    else yield* listPlaces(repository, path);
  }
}

async function branchOf(repository: LookupContext, folder: string, options: ListOptions = {}): Promise<Branch> {
  const { catalogue, store } = repository;
  const seenAt = catalogue?.now() ?? 0;
  const state = catalogue && folderState(store, folder);
  const depth = store instanceof LocalStore && !options.asKnown && !options.only ? options.ahead : undefined;
  const asRows = options.takeRow !== undefined;
  const looks = depth && { root: store.location, depth, asRows };
  const branch = state && catalogue.branch(folder, state, looks);
  const at = state && { state, seenAt };
  const inside = folder === "" ? "" : `${folder}/`;
  if (branch !== undefined) {
    const children: Child[] = branch.experiments.map((known) => {
      return { folder: known.folder, id: known.folder.slice(inside.length), known };
    });
    for (const name of branch.others) {
      children.push({ folder: inside + name, id: isIdV0(name) ? name : undefined, known: undefined });
    }
    return { children, rows: branch.rows, at, isNew: false, ahead: branch.ahead };
  }
  const { entries, isPlain } = await repository.listing(folder, options);
  const names = new Set<string>();
  for (const { kind, name } of entries) {
    if (kind === "folder" && !name.startsWith(".") && !(folder === "" && name === OBJECTS_FOLDER)) names.add(name);
  }
  const known = state && asRows && looks ? catalogue.rowsIn?.(folder, looks) : undefined;
  const rows = known?.rows?.among(names);
  for (let number = 0; rows !== undefined && number < rows.length; number++) names.delete(rows.idAt(number));
  const others = known === undefined
    ? state && catalogue.experimentsIn(folder)
    : new Map(known.experiments.map((experiment) => [experiment.id, experiment]));
  const children = Array.from(names, (name): Child => {
    const id = isIdV0(name) ? name : undefined;
    return { folder: inside + name, id, known: id === undefined ? undefined : others?.get(id) };
  });
  return { children, rows, at: isPlain ? at : undefined, isNew: true, ahead: known?.ahead };
}
