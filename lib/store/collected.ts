import { kindOfName } from "../format/kinds.ts";
import { References } from "../format/references.ts";
import { isAbsent, writeAllSync } from "../fs/files.ts";
import { LinkError, type RootFolder } from "../fs/root_folder.ts";
import type { Part } from "./store.ts";

/** Which objects a garbage collection removed here: lines of `+<sha256>`, and of `-<sha256>` for those that may come back. */
const FILE = ".dbx/collected";

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
      const name = `objects/${sha256.slice(0, 2)}/${sha256}`;
      if (kindOfName(name) !== "object") continue; // A line that a crash tore.
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
  root.makeFolder(FILE.slice(0, FILE.lastIndexOf("/")));
  using file = root.open(FILE, { read: true, append: true, create: true });
  file.lockSync(true);
  // A line that a crash tore must not swallow the next one.
  const torn = file.statSync().size % LINE;
  writeAllSync(file, new TextEncoder().encode((torn > 0 ? "\n".repeat(LINE - torn) : "") + lines.join("")));
  file.syncSync();
}

/** Looks at what is written to a folder, and lets objects come back that it refers to, before it is written. */
export class Returning {
  readonly #collected: Set<string>;
  readonly #references = new References();

  constructor(readonly root: RootFolder) {
    this.#collected = collectedObjects(root);
  }

  /** To be called with every part, in their order. */
  see(part: Part): void {
    if (this.#collected.size === 0) return;
    const again = [...referredBy(this.#references, part)].filter((name) => this.#collected.delete(name));
    if (again.length > 0) markCollected(this.root, again, true);
  }
}

/** The objects that a further part of a log or definition refers to. */
export function referredBy(references: References, { name, bytes, end, error }: Part): Set<string> {
  const kind = kindOfName(name);
  if (kind !== "log" && kind !== "definition") return new Set();
  references.add({ name, bytes, end: end || error !== undefined });
  const found = new Set(references.objects);
  references.objects.clear();
  return found;
}
