import { lastSegment, parentOf } from "../../base/paths.ts";
import { References } from "../../format/layout/object_references.ts";
import { isSha256 } from "../../format/json/special_values.ts";
import { createHash } from "node:crypto";
import { privacyOf } from "../../format/layout/file_modes.ts";
import { definitionFile, MARKER_FILE, objectName } from "../../format/layout/names.ts";
import type { Seal } from "../../format/events/seal.ts";
import { createBelow, makeFolderBelow, readBelow } from "../../fs/folders/open_below.ts";
import { folderOf, isGone } from "../../fs/files/lstat.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { checkNotPurged } from "../../store/local/purge/tombstones.ts";

/** An object of more bytes is not held in memory. */
const MAX_OBJECT = 4 * 1024 * 1024;

/**
 * What stands above the logs of a run and never changes: its definition, that of its experiment, and the marker of the
 * repository. It is held in memory while the run is written, so that it can be created again if it is removed.
 */
export class RunFiles {
  readonly #files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

  /**
   * `folder`: the absolute path of the run's folder. `root`: a folder above, below which no link is followed. What cannot be
   * read is left out.
   */
  constructor(readonly folder: string, readonly root?: RootFolder) {
    const experiment = folderOf(folderOf(folder));
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (
      const path of [...markerAbove(experiment, root?.path), definitionFile(experiment), definitionFile(folder)]
    ) {
      try {
        files.set(path, readBelow(root, path));
      } catch {
        // A writer of logs alone has none.
      }
    }
    if (root !== undefined) addObjects(files, root);
    this.#files = files;
  }

  /** What seals the definitions. */
  seals(): Seal[] {
    const seal = (definition: "run" | "experiment", path: string): Seal[] => {
      const bytes = this.#files.get(path);
      if (bytes === undefined) return [];
      return [{ definition, size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }];
    };
    return [
      ...seal("experiment", definitionFile(folderOf(folderOf(this.folder)))),
      ...seal("run", definitionFile(this.folder)),
    ];
  }

  /** Makes again what is gone, and the run's folder, unless it was purged. Returns the paths of the files that were made. */
  restore(): string[] {
    if (this.root !== undefined) {
      checkNotPurged(this.root, definitionFile(this.folder.slice(this.root.path.length + 1)));
    }
    const made: string[] = [];
    for (const [path, bytes] of this.#files) {
      if (!isGone(path)) continue;
      const folder = folderOf(path);
      makeFolderBelow(this.root, folder);
      try {
        createBelow(this.root, path, bytes, privacyOf(path, bytes));
        made.push(path);
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      }
    }
    makeFolderBelow(this.root, this.folder);
    return made;
  }

  /** How a file is called in messages: by its name, and that of the folder that it defines. */
  nameOf(path: string): string {
    const folder = folderOf(path);
    const name = lastSegment(path);
    if (isSha256(name)) return `${parentOf(objectName(name))}/${name.slice(0, 8)}…`;
    return name === MARKER_FILE ? name : `${lastSegment(folder)}/${name}`;
  }

  /** Whether the run's folder was moved: then nothing is gone, and nothing is to be made again. */
  get isAway(): boolean {
    return isGone(this.folder);
  }
}

/**
 * Adds the objects that definitions refer to, such as the git diff: they are as small, and no other process has them.
 */
function addObjects(files: Map<string, Uint8Array<ArrayBuffer>>, root: RootFolder): void {
  const references = new References();
  for (const [name, bytes] of files) references.add({ name, bytes, end: true });
  for (const object of references.objects) {
    try {
      if ((root.lstat(object)?.size ?? Infinity) <= MAX_OBJECT) files.set(root.pathOf(object), root.readFile(object));
    } catch {
      // It is not there yet, or cannot be read.
    }
  }
}

function* markerAbove(experiment: string, root = ""): Generator<string> {
  for (let folder = folderOf(experiment); folder !== "/" && folder.startsWith(root); folder = folderOf(folder)) {
    if (isGone(`${folder}/${MARKER_FILE}`)) continue;
    return yield `${folder}/${MARKER_FILE}`;
  }
}
