import { messageOf } from "../base/errors.ts";
import { irregularity, parseEvent } from "../format/event.ts";
import { definitionIrregularity } from "../format/fields.ts";
import { isPrintedLine, PRINTED_LOGS } from "../format/printed_line.ts";
import { logNameOf, MARKER_FILE, objectName } from "../format/names.ts";
import { References } from "../format/references.ts";
import { TEMPORARY_PREFIX } from "../fs/files.ts";
import { hashStream } from "../store/objects.ts";
import { checkLeftOutput } from "./check_left_output.ts";
import { checkLinks } from "./check_links.ts";
import { checkLost } from "./check_lost.ts";
import { checkPurges } from "./check_purges.ts";
import { checkSeals } from "./check_seals.ts";
import type { Experiment } from "./experiment.ts";
import type { LogReader } from "./log_reader.ts";
import type { Problem } from "./problem.ts";
import type { Repository } from "./repository.ts";

/** How to check. */
export interface CheckOptions {
  /** Also read every object and compare its SHA-256 with its name. */
  readonly readData?: boolean;
  readonly signal?: AbortSignal;
  /** Told after each experiment and object how many are done. */
  readonly onProgress?: (done: { readonly experiments: number; readonly objects: number }) => void;
}

/** One part of a check. It yields what it finds, and never throws for what is damaged. */
type Part = (repo: Repository, options: CheckOptions, done: Done) => AsyncIterableIterator<Problem>;

/** How far a check is. */
interface Done {
  experiments: number;
  objects: number;
}

/** All parts, in the order in which they run. */
const PARTS: readonly Part[] = [
  checkMarker,
  checkExperiments,
  checkObjects,
  checkListing,
  checkLinks,
  checkLeftOutput,
  checkPurges,
];

/**
 * Verifies the marker, definitions, ids, every line of every log, references to objects and, with `readData`, the objects.
 * Repairs nothing. Damage in one experiment never hides another's.
 */
export async function* checkRepository(repo: Repository, options: CheckOptions = {}): AsyncIterableIterator<Problem> {
  const done: Done = { experiments: 0, objects: 0 };
  for (const part of PARTS) yield* part(repo, options, done);
}

/** A marker that could be read only in part. */
async function* checkMarker(repo: Repository): AsyncIterableIterator<Problem> {
  if (repo.markerProblem === undefined) return;
  yield { path: MARKER_FILE, kind: "bad-marker", message: repo.markerProblem, severity: "damage" };
}

/** What was met while the experiments were listed, and left out. */
async function* checkListing(repo: Repository): AsyncIterableIterator<Problem> {
  yield* repo.problems;
  yield* repo.incomplete;
}

async function* checkExperiments(repo: Repository, options: CheckOptions, done: Done): AsyncIterableIterator<Problem> {
  /** The folders of each id. */
  const folders = new Map<string, string[]>();
  for await (const experiment of repo.experiments({ signal: options.signal })) {
    folders.set(experiment.id, [...folders.get(experiment.id) ?? [], experiment.folder]);
    yield* checkExperiment(repo, experiment);
    done.experiments++;
    options.onProgress?.(done);
    options.signal?.throwIfAborted();
  }
  for (const [id, places] of folders) if (places.length > 1) yield duplicate(id, places);
}

/** An experiment that was moved or copied by hand, and then came again from another copy. */
function duplicate(id: string, folders: readonly string[]): Problem {
  const [first, ...others] = folders.toSorted();
  const message =
    `the experiment ${id} stands here and in ${others.join(", ")}: it was moved or copied by hand; keep the ` +
    "folder that its name says, move what only the others have into it (runs, notes), and remove the others";
  return { path: first, kind: "duplicate", message, severity: "damage" };
}

async function* checkExperiment(repo: Repository, experiment: Experiment): AsyncIterableIterator<Problem> {
  const folder = experiment.folder;
  const damage = (path: string, kind: string, message: string): Problem => ({
    path,
    kind,
    message,
    severity: "damage",
  });
  const own = folder.slice(folder.lastIndexOf("/") + 1);
  if (experiment.version === 1 && experiment.id !== own) {
    yield damage(`${folder}/meta.json`, "wrong-id", `the id is "${experiment.id}", but the folder is "${own}"`);
  }
  const expected = experiment.name === "" ? own : `${experiment.name}/${own}`;
  if (experiment.version === 1 && folder !== expected) {
    // Nothing is lost by it: it is read where it stands.
    const message =
      `the name is "${experiment.name}", but the folder is "${folder}": it was moved by hand; move it back to ` +
      `"${expected}", or other copies will have it in both places`;
    yield { path: `${folder}/meta.json`, kind: "moved", message, severity: "note" };
  }
  if (experiment.version === 1) yield* strays(repo, folder, ["meta.json", "runs", "notes"], false);
  yield* checkDefinition(repo, `${folder}/meta.json`);
  for (const run of await experiment.runs()) {
    if (experiment.version === 1) yield* checkDefinition(repo, `${run.folder}/meta.json`);
    const last = run.folder.slice(run.folder.lastIndexOf("/") + 1);
    if (experiment.version === 1 && run.id !== last) {
      yield damage(`${run.folder}/meta.json`, "wrong-id", `the id is "${run.id}", but the folder is "${last}"`);
    }
    if (experiment.version === 1) yield* strays(repo, run.folder, ["meta.json"]);
    for (const name of await run.logs()) yield* checkLog(repo, run.log(name), experiment.version);
    yield* checkSeals(run);
    yield* checkLost(run);
  }
  for (const log of await experiment.noteLogs()) yield* checkLog(repo, log, 1);
}

/** Files that the format does not know; those that a crash left unfinished among them. */
async function* strays(
  repo: Repository,
  folder: string,
  known: readonly string[],
  mayHaveLogs = true,
): AsyncIterableIterator<Problem> {
  for (const entry of await repo.entries(folder)) {
    if (known.includes(entry.name)) continue;
    if (mayHaveLogs && entry.kind === "file" && logNameOf(entry.name) !== undefined) continue;
    const path = `${folder}/${entry.name}`;
    yield entry.name.startsWith(TEMPORARY_PREFIX)
      ? unfinished(path)
      : { path, kind: "stray", message: "not a file of the format; dbx leaves it alone", severity: "note" };
  }
}

function unfinished(path: string): Problem {
  const message = "what a crash left unfinished; dbx gc removes it";
  return { path, kind: "temporary", message, severity: "note" };
}

async function* checkLog(repo: Repository, log: LogReader, version: 0 | 1): AsyncIterableIterator<Problem> {
  const found: Problem[] = [];
  const size = await log.size();
  const mayBePrinted = version === 1 && PRINTED_LOGS.some((item) => item.log === log.name);
  let end = 0;
  try {
    for await (const { text, line, offset, next } of log.lines()) {
      end = next;
      const isFine = mayBePrinted && text !== undefined && isPrintedLine(text);
      const odd = text === undefined ? "not UTF-8" : isFine ? undefined : irregularity(text, version);
      const wrong = odd === undefined ? undefined : text === undefined ? odd : reasonOf(text, version);
      if (wrong !== undefined) {
        found.push({ path: log.file, line, offset, kind: "bad-line", message: wrong, severity: "damage" });
      } else if (odd !== undefined) {
        const message = `${odd}; it is read all the same`;
        found.push({ path: log.file, line, offset, kind: "irregular-line", message, severity: "note" });
      }
      if (wrong === undefined && version === 1 && text!.includes("xpfile")) {
        const bytes = new TextEncoder().encode(text + "\n");
        for (const message of await missingObjects(repo, log.file, bytes)) {
          found.push({ path: log.file, line, offset, kind: "missing-object", message, severity: "note" });
        }
      }
      if (found.length > 0) yield* found.splice(0);
    }
  } catch (error) {
    yield { path: log.file, kind: "unreadable", message: messageOf(error), severity: "damage" };
    return;
  }
  if (end < size) {
    const message = `${size - end} bytes after the last line: an event that is still being written, or was cut off`;
    yield { path: log.file, offset: end, kind: "torn-tail", message, severity: "note" };
  }
}

/** What a definition that can be read does otherwise; and it may refer to objects too, such as the git diff of a run. */
async function* checkDefinition(repo: Repository, path: string): AsyncIterableIterator<Problem> {
  const bytes = await repo.store.read(path).catch(() => undefined);
  if (bytes === undefined) return; // That it cannot be read is said elsewhere.
  const odd = definitionIrregularity(new TextDecoder().decode(bytes));
  if (odd !== undefined) {
    yield { path, kind: "irregular-definition", message: `${odd}; it is read all the same`, severity: "note" };
  }
  for (const message of await missingObjects(repo, path, bytes)) {
    yield { path, kind: "missing-object", message, severity: "note" };
  }
}

/** What is to be said of objects that a definition or some lines refer to and that are not here. */
async function missingObjects(repo: Repository, name: string, bytes: Uint8Array): Promise<string[]> {
  const references = new References();
  references.add({ name, bytes, end: true });
  const missing: string[] = [];
  for (const object of references.objects) {
    if (await repo.store.stat(object) === undefined) {
      missing.push(`refers to the object ${object.slice(-64)}, which is not here`);
    }
  }
  return missing;
}

/** Why a line is not an event; undefined where it is one. */
function reasonOf(line: string, version: 0 | 1): string | undefined {
  try {
    parseEvent(line, version);
  } catch (error) {
    return messageOf(error);
  }
}

async function* checkObjects(repo: Repository, options: CheckOptions, done: Done): AsyncIterableIterator<Problem> {
  for (const shelf of await repo.entries("objects")) {
    if (shelf.name.startsWith(TEMPORARY_PREFIX)) {
      yield unfinished(`objects/${shelf.name}`);
      continue;
    }
    for (const entry of await repo.entries(`objects/${shelf.name}`)) {
      options.signal?.throwIfAborted();
      const path = `objects/${shelf.name}/${entry.name}`;
      if (entry.name.startsWith(TEMPORARY_PREFIX)) {
        yield unfinished(path);
        continue;
      }
      if (!/^[0-9a-f]{64}$/.test(entry.name) || objectName(entry.name) !== path) {
        yield { path, kind: "stray", message: "not an object's name; dbx leaves it alone", severity: "note" };
        continue;
      }
      if (options.readData) {
        try {
          const { sha256 } = await hashStream(await repo.store.stream(path));
          if (sha256 !== entry.name) {
            const message = `the contents have the SHA-256 ${sha256}; restore it from another copy`;
            yield { path, kind: "wrong-hash", message, severity: "damage" };
          }
        } catch (error) {
          yield { path, kind: "unreadable", message: messageOf(error), severity: "damage" };
        }
      }
      done.objects++;
      options.onProgress?.(done);
    }
  }
}
