import { isIdV0 } from "../../base/ids.ts";
import { classifyPath, V0_MANIFEST_FILE } from "./file_kind.ts";
import {
  checkExperimentName,
  LOG_FILE,
  logNameOf,
  MARKER_FILE,
  META_FILE,
  NOTES_FOLDER,
  runFolder,
  RUNS_FOLDER,
} from "./names.ts";

/**
 * What a name means in the format, exactly: of an experiment, `experiment` is its folder. `old`: logs, files and the
 * registry of a v0 experiment, which stand beside its definition.
 */
export type Place =
  | { readonly kind: "marker" }
  | { readonly kind: "object" }
  | { readonly kind: "experiment"; readonly experiment: string; readonly id: string; readonly name: string }
  | { readonly kind: "run"; readonly experiment: string; readonly folder: string; readonly run: string }
  | {
    readonly kind: "log";
    readonly experiment: string;
    readonly folder: string;
    readonly run: string;
    readonly log: string;
  }
  | { readonly kind: "notes"; readonly experiment: string; readonly replica: string }
  | { readonly kind: "old"; readonly experiment: string; readonly what: "log" | "file" | "registry" };

/**
 * The place of a file, or undefined where the format has none of that name. Stricter than {@linkcode classifyPath}: no file beside
 * those of an experiment, no experiment inside another. Pure: it looks at the name only.
 */
export function parsePath(name: string): Place | undefined {
  if (name === MARKER_FILE) return { kind: "marker" };
  const kind = classifyPath(name);
  if (kind === undefined) return undefined;
  if (kind === "object") return { kind };
  const parts = name.split("/");
  const last = parts[parts.length - 1];
  const log = logNameOf(last);
  const experimentAt = (at: number): string | undefined => {
    return at >= 0 && isIdV0(parts[at]) && isName(parts.slice(0, at)) ? parts.slice(0, at + 1).join("/") : undefined;
  };
  const count = parts.length;
  const direct = experimentAt(count - 2);
  if (last === META_FILE && direct !== undefined) {
    return { kind: "experiment", experiment: direct, id: parts[count - 2], name: parts.slice(0, count - 2).join("/") };
  }
  const ofRun = parts[count - 3] === RUNS_FOLDER && isIdV0(parts[count - 2]) ? experimentAt(count - 4) : undefined;
  if (ofRun !== undefined) {
    const folder = runFolder(ofRun, parts[count - 2]);
    const run = parts[count - 2];
    if (last === META_FILE) return { kind: "run", experiment: ofRun, folder, run };
    return log === undefined ? undefined : { kind: "log", experiment: ofRun, folder, run, log };
  }
  const ofNotes = parts[count - 2] === NOTES_FOLDER ? experimentAt(count - 3) : undefined;
  if (ofNotes !== undefined) {
    return log === undefined || last === LOG_FILE ? undefined : { kind: "notes", experiment: ofNotes, replica: log };
  }
  if (log !== undefined && direct !== undefined) return { kind: "old", experiment: direct, what: "log" };
  if (last === V0_MANIFEST_FILE && direct !== undefined) return { kind: "old", experiment: direct, what: "registry" };
  // Names of v0 files may have folders of their own.
  for (let at = 0; at < count - 1; at++) {
    const experiment = experimentAt(at);
    if (experiment === undefined) continue;
    return [RUNS_FOLDER, NOTES_FOLDER].includes(parts[at + 1]) ? undefined : { kind: "old", experiment, what: "file" };
  }
  return undefined;
}

/** Whether folders are the name of an experiment. */
function isName(parts: readonly string[]): boolean {
  try {
    checkExperimentName(parts.join("/"));
    return true;
  } catch {
    return false;
  }
}
