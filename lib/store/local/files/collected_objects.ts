import { LOCAL_FOLDER, objectName } from "../../../format/layout/names.ts";
import { isSha256 } from "../../../format/json/special_values.ts";
import { classifyPath } from "../../../format/layout/file_kind.ts";
import { References } from "../../../format/layout/object_references.ts";
import { isAbsent, writeAllSync } from "../../../fs/files/file_operations.ts";
import { LinkError, type RootFolder } from "../../../fs/folders/root_folder.ts";
import { touchObject } from "./touch_object.ts";
import type { FileChunk } from "../../store.ts";

/** Which objects a garbage collection removed here: lines of `+<sha256>`, and of `-<sha256>` for those that may come back. */
const FILE = `${LOCAL_FOLDER}/collected`;

/** Bytes of a line. */
const LINE = 66;

/**
 * The objects (their names) that a garbage collection removed from a folder, and that nothing which came since refers to. Other
 * copies may still have them: a synchronisation does not bring them back.
 */
export function collectedObjects(root: RootFolder): Set<string> {
  const found = new Set<string>();
  try {
    for (const line of root.readText(FILE).split("\n")) {
      const sha256 = line.slice(1);
      if (!isSha256(sha256)) continue; // A line that a crash tore.
      const name = objectName(sha256);
      if (line.startsWith("-")) found.delete(name);
      else found.add(name);
    }
  } catch (error) {
    if (!isAbsent(error) && !(error instanceof LinkError)) throw error;
  }
  return found;
}

/** Remembers that objects are about to be removed, or (`mayReturn`) that something refers to them again. Durable when it returns. */
export function markCollected(root: RootFolder, objects: Iterable<string>, mayReturn = false): void {
  const lines = Array.from(objects, (name) => `${mayReturn ? "-" : "+"}${name.slice(-64)}\n`);
  if (lines.length === 0) return;
  root.makeFolder(LOCAL_FOLDER);
  using file = root.open(FILE, { read: true, append: true, create: true });
  file.lockSync(true);
  // A line that a crash tore must not swallow the next one.
  const torn = file.statSync().size % LINE;
  writeAllSync(file, new TextEncoder().encode((torn > 0 ? "\n".repeat(LINE - torn) : "") + lines.join("")));
  file.syncSync();
}

/** Looks at what is written to a folder, and keeps or restores the objects that it refers to. */
export class Returning {
  #collected: ReadonlySet<string> = new Set();
  /** The size of the file that lists them, when it was read. */
  #size = 0;
  readonly #references = new References();
  readonly #seen = new Set<string>();

  constructor(readonly root: RootFolder) {}

  /** To be called with every part, in their order, before it is written. */
  see(part: FileChunk): void {
    const objects = referredBy(this.#references, part);
    for (const name of objects) {
      this.#seen.add(name);
      touchObject(this.root, name);
    }
    this.#allow(objects);
  }

  /** To be called when all is written: a collection beside this may have looked before it was. */
  finish(): void {
    this.#allow(this.#seen);
  }

  #allow(objects: ReadonlySet<string>): void {
    if (objects.size === 0) return;
    const size = this.root.lstat(FILE)?.size ?? 0;
    if (size !== this.#size) {
      this.#collected = collectedObjects(this.root);
      this.#size = size;
    }
    const again = objects.intersection(this.#collected);
    if (again.size > 0) markCollected(this.root, again, true);
  }
}

/** The objects that a further part of a log or definition refers to. */
export function referredBy(references: References, { name, bytes, end, error }: FileChunk): Set<string> {
  const kind = classifyPath(name);
  if (kind !== "log" && kind !== "definition") return new Set();
  references.add({ name, bytes, end: end || error !== undefined });
  const found = new Set(references.objects);
  references.objects.clear();
  return found;
}
