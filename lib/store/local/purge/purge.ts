import { isDefinition } from "../../../format/layout/name_tests.ts";
import { parentOf } from "../../../base/paths.ts";
import { type Pace, Yielder } from "../../../base/yielder.ts";
import { LOCAL_FOLDER, RUNS_FOLDER, runsFolder } from "../../../format/layout/names.ts";
import { References } from "../../../format/layout/object_references.ts";
import { isAbsent } from "../../../fs/files/file_operations.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import { emptyTrash, filesBelow, lockCollection, readReferences } from "../files/gc_files.ts";
import { showing, shownAbove } from "../files/show_change.ts";
import { emptyDerived, stampOf } from "./derived.ts";
import { type Journal, purgingIds, readJournal, removeJournal, writeJournal } from "./journal.ts";
import { removeObjects } from "./remove_objects.ts";
import { type PurgePlace, purgePlaces } from "./purge_places.ts";
import { placeTombstone, purgedIds } from "./tombstones.ts";
import { removeUnfinished } from "./remove_unfinished.ts";

/** What a purge does now. They come in this order, some several times. */
export type PurgeStep = "looking" | "journal" | "tombstone" | "definition" | "folder" | "objects" | "derived" | "done";

/** How to purge. */
export interface PurgeOptions {
  /** Absolute folders of what is derived from the repository, besides its own. */
  readonly derived?: readonly string[];
  /** Objects that go too, unless something refers to them that stays. */
  readonly objects?: readonly string[];
  /** Remove objects also where a file cannot be read that may refer to them. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  /** How to give way to other work. Default: every 30 ms. */
  readonly pace?: Pace;
  /** Told what was just done, or of a further file that was looked at. */
  readonly onStep?: (step: PurgeStep) => void;
  /** Told when another collection has been waited for a while. */
  readonly onWait?: () => void;
}

/** What was purged. */
export interface Purged {
  /** Those that were asked for, and those of purges that had been cut off. */
  readonly ids: readonly string[];
  /** Files that went, and bytes of them, objects among them. */
  readonly files: number;
  readonly bytes: number;
  readonly objects: number;
  /** What could not be removed: the journal stays, and the next purge or collection tries again. */
  readonly problems: readonly string[];
}

/** Where the files and the output of a run are that were not kept yet. */
const UNKEPT_YET = [`${LOCAL_FOLDER}/pipes`, `${LOCAL_FOLDER}/files`];

/**
 * Removes experiments and runs for good: their folders wherever they stand, the objects that nothing else refers to, and what is
 * derived from them; a tombstone stays, that keeps them from coming back. Finishes purges that were cut off, too. It can be
 * killed at any moment: a journal says what is still to be done.
 */
export async function purge(root: RootFolder, ids: Iterable<string>, options: PurgeOptions = {}): Promise<Purged> {
  const { signal, onStep } = options;
  const yielder = new Yielder(signal, options.pace);
  using _lock = await lockCollection(root, signal, options.onWait);
  const all = new Set([...ids, ...purgingIds(root)]);
  const problems: string[] = [];
  const gone = { files: 0, bytes: 0 };
  if (all.size === 0 && (options.objects ?? []).length === 0) return { ids: [], ...gone, objects: 0, problems };

  const places: PurgePlace[] = [];
  const onClosed = (folder: string) => problems.push(`the folder "${folder}" cannot be listed`);
  for (const place of purgePlaces(root, all, onClosed)) {
    onStep?.("looking");
    if (place !== undefined) places.push(place);
    await yielder.checkpoint();
  }
  const journals: Journal[] = [];
  // Of what is not here there is nothing to remember: others may have purged many such.
  const here = new Set([...places.map(({ id }) => id), ...purgingIds(root)]);
  for (const id of here) {
    const journal = await journalOf(root, id, places.filter((place) => place.id === id), yielder);
    writeJournal(root, journal);
    journals.push(journal);
    onStep?.("journal");
  }
  for (const id of all) {
    placeTombstone(root, id);
    onStep?.("tombstone");
  }
  emptyTrash(root);
  for (const { folder } of places) {
    try {
      removePlace(root, folder, gone, () => onStep?.("definition"));
    } catch (error) {
      problems.push(`"${folder}" cannot be removed: ${(error as Error).message}`);
    }
    onStep?.("folder");
    await yielder.checkpoint();
  }
  for (const run of new Set([...here, ...journals.flatMap(({ runs }) => runs)])) {
    for (const folder of UNKEPT_YET) root.removeFolder(`${folder}/${run}`);
  }
  const candidates = new Set([...journals.flatMap(({ objects }) => objects), ...options.objects ?? []]);
  const removed = await removeObjects(root, candidates, {
    waste: journals.some(({ isTorn }) => isTorn),
    force: options.force,
    yielder,
    onFile: () => onStep?.("objects"),
  });
  if (removed.why !== undefined) problems.push(`objects that they referred to are kept: ${removed.why}`);
  removeUnfinished(root);
  onStep?.("objects");
  const stamp = stampOf(purgedIds(root));
  for (const folder of [root.pathOf(`${LOCAL_FOLDER}/index`), ...options.derived ?? []]) {
    await emptyDerived(folder, stamp, signal);
  }
  onStep?.("derived");
  for (const journal of journals) {
    if (problems.length === 0) removeJournal(root, journal.id);
    else writeJournal(root, { ...journal, isStuck: true });
  }
  onStep?.("done");
  return {
    ids: [...all],
    files: gone.files + removed.objects,
    bytes: gone.bytes + removed.bytes,
    objects: removed.objects,
    problems,
  };
}

/** What there is to remember of something before it goes, and what was remembered already. */
async function journalOf(
  root: RootFolder,
  id: string,
  places: readonly PurgePlace[],
  yielder: Yielder,
): Promise<Journal> {
  const before = readJournal(root, id);
  const references = new References();
  const runs = new Set(before.runs);
  for (const { folder, of } of places) {
    for (const _ of readReferences(root, () => references, folder)) await yielder.checkpoint();
    if (of === "run") runs.add(id);
    else for (const name of folders(root, runsFolder(folder))) runs.add(name);
  }
  return {
    id,
    objects: [...new Set([...before.objects, ...references.objects])],
    runs: [...runs],
    isTorn: before.isTorn || references.unread.length > 0 || references.isTorn,
    isStuck: false,
  };
}

/** Removes a folder: definitions first, so that what is left of it is never taken for whole. */
function removePlace(
  root: RootFolder,
  folder: string,
  gone: { files: number; bytes: number },
  onDefinition: () => void,
): void {
  const files = Array.from(filesBelow(root, folder)).filter(({ kind }) => kind === "file");
  for (const { name } of files) {
    gone.files++;
    gone.bytes += root.lstat(name)?.size ?? 0;
  }
  showing(root, shownAbove(folder), () => {
    for (const { name } of files) {
      if (!isDefinition(name)) continue;
      root.remove(name);
      onDefinition();
    }
    root.removeFolder(folder);
    root.syncNames(parentOf(folder));
  });
  // The folders above are its name, which may say too much itself.
  for (let above = parentOf(folder); above !== "" && !above.endsWith(`/${RUNS_FOLDER}`); above = parentOf(above)) {
    if (!root.removeEmptyFolder(above)) return;
  }
}

function folders(root: RootFolder, folder: string): string[] {
  try {
    return root.list(folder).flatMap(({ name, isDirectory }) => (isDirectory ? [name] : []));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
