import { CODE_LOG } from "../../format/events/file_event.ts";
import { compareNaturally } from "../../compare/diff/natural_order.ts";
import { UsageError } from "../../base/errors.ts";

/** One version of a file of a run. */
export interface FoundFile {
  /** As other commands take it: `<experiment>/<run>:<name>`. */
  readonly file: string;
  readonly exp: string;
  readonly run: string;
  /** The log that names it. */
  readonly log: string;
  readonly name: string;
  /** From 1; another one for each time at which the run logged other contents by that name. */
  readonly version: number;
  /** How many there are. */
  readonly versions: number;
  /** Bytes; null where nobody said. */
  readonly size: number | null;
  /** When it was logged, in milliseconds since the Unix epoch; null in v0. */
  readonly ts: number | null;
  readonly sha256: string;
  /** Whether the repository keeps its bytes: a retention may have ended, or it only knows where they were. */
  readonly kept: boolean;
  /** Where a file that is not in the repository was. */
  readonly path: string | null;
  readonly hostname: string | null;
}

/** Whether a file is one of the code that a run was started with, of which there may be many. */
export function isCode({ log }: Pick<FoundFile, "log">): boolean {
  return log === CODE_LOG;
}

/** A row of the table `files`. */
export type FileRow = Omit<FoundFile, "file" | "version" | "versions">;

/** The versions of files, in the order of names and times. Equal contents of one name are one version. */
export function versionsOf(rows: readonly FileRow[]): FoundFile[] {
  const byFile = new Map<string, FileRow[]>();
  const sizes = new Map<string, number>();
  // The order of equals stays: that of the logs.
  for (const row of rows.toSorted((a, b) => (a.ts ?? 0) - (b.ts ?? 0))) {
    const file = `${row.exp}/${row.run}:${row.name}`;
    const versions = byFile.get(file) ?? [];
    byFile.set(file, versions);
    if (row.size !== null) sizes.set(row.sha256, row.size);
    const last = versions.at(-1);
    // A file that was kept is named again by the event that is about it.
    if (last?.sha256 !== row.sha256) versions.push(row);
    else versions[versions.length - 1] = { ...last, kept: last.kept || row.kept };
  }
  return [...byFile].flatMap(([file, versions]) =>
    versions.map((row, at) => ({
      ...row,
      file,
      size: row.size ?? sizes.get(row.sha256) ?? null,
      version: at + 1,
      versions: versions.length,
    }))
  ).sort((a, b) =>
    compareNaturally(a.name, b.name) || compare(a.exp, b.exp) || compare(a.run, b.run) || a.version - b.version
  );
}

/** The version of each file that is meant where none is named: the latest that is kept, else the latest. */
export function latestVersions(files: readonly FoundFile[]): FoundFile[] {
  const latest = new Map<string, FoundFile>();
  for (const file of files) {
    const before = latest.get(file.file);
    if (before === undefined || file.kept || !before.kept) latest.set(file.file, file);
  }
  return [...latest.values()];
}

/**
 * Of each name one file: of several runs, the one that was logged last. `version`: the number of the version that is wanted;
 * default: the latest that is kept.
 */
export function oneOfEachName(files: readonly FoundFile[], version?: number): FoundFile[] {
  if (version === 0) throw new UsageError("Cannot use --version 0: the first version is 1");
  const chosen = new Map<string, FoundFile>();
  const wanted = version === undefined ? latestVersions(files) : files.filter((file) => file.version === version);
  for (const file of wanted) {
    const before = chosen.get(file.name);
    const isBetter = before === undefined ||
      (file.kept === before.kept ? (file.ts ?? 0) >= (before.ts ?? 0) : file.kept);
    if (isBetter) chosen.set(file.name, file);
  }
  return [...chosen.values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
