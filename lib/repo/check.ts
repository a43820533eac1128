import { messageOf } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import { irregularity } from "../format/event.ts";
import { logNameOf, objectName } from "../format/names.ts";
import { isExpfile } from "../format/specials.ts";
import { hashStream, hasObject } from "../store/objects.ts";
import { checkLost } from "./check_lost.ts";
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

/**
 * Verifies definitions, ids, every line of every log, references to objects and, with `readData`, the objects. Repairs
 * nothing. Damage in one experiment never hides another's.
 */
export async function* checkRepository(repo: Repository, options: CheckOptions = {}): AsyncIterableIterator<Problem> {
  const done = { experiments: 0, objects: 0 };
  for await (const experiment of repo.experiments({ signal: options.signal })) {
    yield* checkExperiment(repo, experiment);
    done.experiments++;
    options.onProgress?.(done);
    options.signal?.throwIfAborted();
  }
  yield* checkObjects(repo, options, () => {
    done.objects++;
    options.onProgress?.(done);
  });
  yield* repo.problems;
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
    yield damage(
      `${folder}/meta.json`,
      "wrong-name",
      `the name is "${experiment.name}", but the folder is "${folder}"`,
    );
  }
  if (experiment.version === 1) yield* strays(repo, folder, ["meta.json", "runs", "notes"]);
  for (const run of await experiment.runs()) {
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
async function* strays(repo: Repository, folder: string, known: readonly string[]): AsyncIterableIterator<Problem> {
  for await (const entry of repo.store.list(folder)) {
    if (known.includes(entry.name) || (entry.kind === "file" && logNameOf(entry.name) !== undefined)) continue;
    const left = entry.name.startsWith(".tmp-");
    yield {
      path: `${folder}/${entry.name}`,
      kind: left ? "temporary" : "stray",
      message: left
        ? "a file that a crash left unfinished; it may be removed"
        : "not a file of the format; dbx leaves it alone",
      severity: "note",
    };
  }
}

async function* checkLog(repo: Repository, log: LogReader, version: 0 | 1): AsyncIterableIterator<Problem> {
  const found: Problem[] = [];
  const size = await log.size();
  let end = 0;
  try {
    for await (const { text, line, offset, next } of log.lines()) {
      end = next;
      const why = text === undefined ? "not UTF-8" : irregularity(text, version);
      if (why !== undefined) {
        found.push({ path: log.file, line, offset, kind: "bad-line", message: why, severity: "damage" });
      } else if (text?.includes('"expfile"')) {
        for (const sha256 of objectsIn(JSON.parse(text))) {
          if (version === 1 && !await has(repo, sha256)) {
            const message = `refers to the object ${sha256}, which is not here`;
            found.push({ path: log.file, line, offset, kind: "missing-object", message, severity: "note" });
          }
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

async function has(repo: Repository, sha256: string): Promise<boolean> {
  try {
    return await hasObject(repo.store, sha256);
  } catch {
    return false;
  }
}

function* objectsIn(json: Json): Generator<string> {
  if (typeof json !== "object" || json === null) return;
  if (isExpfile(json)) yield json.sha256;
  else for (const item of Object.values(json)) yield* objectsIn(item);
}

async function* checkObjects(
  repo: Repository,
  options: CheckOptions,
  done: () => void,
): AsyncIterableIterator<Problem> {
  for await (const shelf of repo.store.list("objects")) {
    if (shelf.name.startsWith(".tmp-")) {
      yield {
        path: `objects/${shelf.name}`,
        kind: "temporary",
        message: "a file that a crash left unfinished; it may be removed",
        severity: "note",
      };
      continue;
    }
    for await (const entry of repo.store.list(`objects/${shelf.name}`)) {
      options.signal?.throwIfAborted();
      const path = `objects/${shelf.name}/${entry.name}`;
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
      done();
    }
  }
}
