import { parentOf } from "../../base/paths.ts";
import { isDefinition, isLifeLog, isNotesFile, isRunDefinition, isRunFolder } from "../../format/layout/name_tests.ts";
import type { FileKind } from "../../format/layout/file_kind.ts";
import type { FileEntry, ReadRange } from "../../store/store.ts";
import type { Inventory } from "../inventory/side.ts";
import type { Trust } from "./last_comparison.ts";

/** What of a repository is meant. */
export interface Scope {
  /** Whether an experiment (its folder) is meant. Default: all. */
  readonly experiments?: (folder: string) => boolean;
  /** Objects: all of them, none, or only these names. Default: all. */
  readonly objects?: boolean | ReadonlySet<string>;
  /** Nothing but objects. */
  readonly objectsOnly?: boolean;
  /** Whether files of equal length and time (of the source, of the target) are the same. Default: always. */
  readonly trust?: Trust;
  /** Compare the contents of all files, also of those whose lengths and times are equal. */
  readonly verify?: boolean;
}

/** Two files of one name whose beginnings have to be compared. */
export interface Comparison {
  readonly name: string;
  readonly source: FileEntry;
  readonly target: FileEntry;
  /** Bytes that both have; NaN: all of both, which must be equal. */
  readonly length: number;
}

/** What is asked for, and how many bytes that is. */
export interface Wanted {
  readonly want: ReadRange;
  readonly kind: FileKind;
  /** Bytes. */
  readonly size: number;
}

/** What has to be done so that a target has all that a source has. */
export interface Plan {
  /** Files that the target lacks, with the offset from which on (a part of a large object may be there). */
  readonly missing: readonly { readonly entry: FileEntry; readonly offset: number }[];
  /** Files that both have, but not in equal length and time. */
  readonly compare: readonly Comparison[];
}

/**
 * Compares two inventories. Pure. A file of equal length and trusted time is the same file; of any other that both
 * have, a proof is asked; objects of equal length are the same by their names. Nothing is ever planned for what the target alone has.
 */
export function makePlan(source: Inventory, target: Inventory, scope: Scope = {}): Plan {
  const missing: { entry: FileEntry; offset: number }[] = [];
  const compare: Comparison[] = [];
  const isMeant = scopeTest(source, scope);
  const trust = scope.trust ?? (() => true);
  for (const entry of source.values()) {
    const { name } = entry;
    const other = target.get(name);
    // Most files are equal, so that comes first.
    const isThere = other !== undefined && other.partial !== true;
    const isSame = isThere && entry.size === other.size && entry.modifiedAt === other.modifiedAt &&
      (entry.modifiedAt === undefined ? entry.kind === "object" : trust(entry, other));
    if ((isSame && !scope.verify) || entry.partial || !isMeant(entry)) continue;
    if (!isThere) {
      // A prefix cannot be longer than the whole.
      const there = other?.size ?? 0;
      missing.push({ entry, offset: there <= entry.size ? there : 0 });
    } else {
      // Of two objects of one name and different lengths, at least one is damaged; its bytes decide which.
      const length = entry.kind === "object" ? NaN : Math.min(entry.size, other.size);
      compare.push({ name, source: entry, target: other, length });
    }
  }
  return { missing, compare };
}

/** Whether a file is meant at all. */
function scopeTest(
  source: Inventory,
  { experiments, objects = true, objectsOnly }: Scope,
): (file: FileEntry) => boolean {
  const of = experiments === undefined ? undefined : experimentFinder(source.keys());
  return ({ name, kind }) => {
    if (kind === "marker" || kind === "tombstone") return false;
    if (kind === "object") return typeof objects === "boolean" ? objects : objects.has(name);
    if (objectsOnly) return kind === "file" && (of === undefined || experiments!(of(name) ?? ""));
    return of === undefined || experiments!(of(name) ?? "");
  };
}

/**
 * Finds the folder of the experiment that a file belongs to, among the names of a repository: the nearest one above it
 * that has a definition and does not belong to a run.
 */
export function experimentFinder(names: Iterable<string>): (name: string) => string | undefined {
  const folders = new Set<string>();
  for (const name of names) {
    if (!isDefinition(name)) continue;
    const folder = parentOf(name);
    if (!isRunFolder(folder)) folders.add(folder);
  }
  return (name) => {
    for (let folder = parentOf(name); folder !== ""; folder = parentOf(folder)) {
      if (folders.has(folder)) return folder;
    }
    return undefined;
  };
}

/**
 * In which order files go: what defines experiments, then what is said of them, then logs, then objects from small to large. The
 * log of a run's life comes after its others: it seals them, and an interrupted transfer must not look like lost lines.
 */
export function rank({ name, kind }: Pick<FileEntry, "name" | "kind">): number {
  switch (kind) {
    case "definition":
      return isRunDefinition(name) ? 1 : 0;
    case "log":
      return isNotesFile(name) ? 2 : isLifeLog(name) ? 3.5 : 3;
    case "registry":
      return 5;
    case "file":
    case "object":
      return 4;
    default:
      return 6;
  }
}
