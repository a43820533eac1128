import { CODE_LOG, CODE_PREFIX, FILE_EVENT, PACKAGES_FILE } from "../../format/events/file_event.ts";
import { NotFoundError } from "../../base/errors.ts";
import { isObject, type Json, type JsonObject } from "../../base/json.ts";
import { withPlainNames } from "./git_name.ts";
import { isExpfile } from "../../format/json/special_values.ts";
import type { Experiment } from "../../repo/experiments/experiment.ts";
import type { Run } from "../../repo/experiments/run.ts";
import { readStored } from "../../repo/experiments/stored_file.ts";
import type { Repository } from "../../repo/repository.ts";

/** Parts of what is compared, in the order in which they are shown. */
export const SECTIONS = [
  "experiment",
  "params",
  "meta",
  "code",
  "machine",
  "python",
  "packages",
  "environment",
] as const;
export type Section = typeof SECTIONS[number];

/** One of the things that are compared: an experiment with its newest run, or the run that was named. */
export interface Subject {
  readonly experiment: string;
  /** Undefined where it has no run. */
  readonly run: string | undefined;
  /** Whether the run itself was named. */
  readonly isRun: boolean;
  /** What is known of it, by section and key. */
  readonly facts: Readonly<Record<Section, JsonObject>>;
  /** The uncommitted changes that were kept, as a patch. */
  readonly patch: string | undefined;
}

/** Bytes of a patch or a list of packages that are read at most. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Reads what is compared of the experiment or run whose id begins with a text. */
export async function readSubject(repository: Repository, id: string, now: number): Promise<Subject> {
  const { experiment, run, isRun } = await find(repository, id);
  const { definition } = experiment;
  const [notes, status] = await Promise.all([experiment.notes(), run?.status(now)]);
  const { git = {}, env = {}, extra = {}, cmd, pwd, script, hostname } = run?.definition ?? {};
  const { diff, ...code } = git;
  const { params: own, ...more } = extra;
  const logged = run === undefined ? NOTHING_LOGGED : await readLogged(repository, experiment, run);
  const patch = await textOf(repository, experiment, diff);
  return {
    experiment: definition.id,
    run: run?.id,
    isRun,
    patch,
    facts: {
      experiment: present({
        kind: definition.kind,
        name: definition.name,
        created: timeText(definition.createdAt),
        tags: [...notes.tags].sort().join(", "),
        status: status?.status,
        "exit code": status?.exitCode,
        duration: status?.durationMs,
        command: cmd?.join(" "),
        folder: pwd,
        script,
        host: hostname,
      }),
      params: { ...definition.params, ...isObject(own) ? own as JsonObject : {} },
      meta: { ...definition.extra, ...more },
      code: { ...code, ...plainChanges(code.changes), ...changedFiles(patch), ...logged.code },
      machine: logged.machine,
      python: logged.python,
      packages: logged.packages,
      environment: env,
    },
  };
}

async function find(repository: Repository, id: string) {
  try {
    const run: Run = await repository.findRun(id);
    const isRun = run.experiment.version === 1 && run.id.startsWith(id.slice(id.indexOf("/") + 1));
    return { experiment: run.experiment as Experiment, run, isRun };
  } catch (error) {
    // An experiment without a run can be compared too.
    if (!(error instanceof NotFoundError)) throw error;
    const experiment = await repository.findExperiment(id).catch(() => {
      throw error;
    });
    return { experiment, run: undefined, isRun: false };
  }
}

function present(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ""),
  ) as JsonObject;
}

function timeText(time: number): string | undefined {
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

type Logged = Readonly<Record<"machine" | "python" | "packages" | "code", JsonObject>>;

const NOTHING_LOGGED: Logged = { machine: {}, python: {}, packages: {}, code: {} };

/** What the run says of the machine, of Python and its packages, and of the files of its code that git does not know. */
async function readLogged(repository: Repository, experiment: Experiment, run: Run): Promise<Logged> {
  const found: Record<keyof Logged, JsonObject> = { machine: {}, python: {}, packages: {}, code: {} };
  const logs = await run.logs();
  if (logs.includes("dbx")) {
    for await (const { event, data } of run.log("dbx").read()) {
      if (event === "dbx/machine") found.machine = data as JsonObject;
      if (event === "dbx/python") found.python = data as JsonObject;
    }
  }
  if (!logs.includes(CODE_LOG)) return found;
  for await (const { event, data: { name, file } } of run.log(CODE_LOG).read()) {
    if (event !== FILE_EVENT || typeof name !== "string" || !isObject(file)) continue;
    if (name === PACKAGES_FILE) found.packages = packagesIn(await textOf(repository, experiment, file as JsonObject));
    else if (name.startsWith(CODE_PREFIX)) {
      found.code[name.slice(CODE_PREFIX.length)] = String(file.sha256).slice(0, 12);
    }
  }
  return found;
}

/** Lines `name==version`. */
function packagesIn(text = ""): JsonObject {
  const lines = text.split("\n").map((line) => line.split("==")).filter((parts) => parts.length === 2);
  return Object.fromEntries(lines.map(([name, version]) => [name.trim(), version.trim()]));
}

/** What `git status` said, with names as they are. */
function plainChanges(changes: Json | undefined): JsonObject {
  if (!Array.isArray(changes)) return {};
  return { changes: changes.map((line) => typeof line === "string" ? withPlainNames(line) : line) };
}

/** The files that a patch changes, with how many lines come and go in each. */
function changedFiles(patch: string | undefined): JsonObject {
  if (patch === undefined) return {};
  const files: Record<string, string> = {};
  for (const part of patch.split(/^(?=diff --git )/m)) {
    const [head] = part.split("\n", 1);
    const name = /^diff --git a\/(.+) b\//.exec(withPlainNames(head))?.[1];
    if (name === undefined) continue;
    const body = part.slice(part.search(/^@@/m));
    const count = (sign: RegExp) => [...body.matchAll(sign)].length;
    files[`changes in ${name}`] = `+${count(/^\+/gm)} -${count(/^-/gm)}`;
  }
  return files;
}

/** The text of a file that the repository holds; undefined where it is not here, or is large. */
async function textOf(
  { store }: Repository,
  experiment: Experiment,
  reference: Json | undefined,
): Promise<string | undefined> {
  if (!isExpfile(reference)) return undefined;
  try {
    const bytes = await readStored(store, experiment, reference, { maxBytes: MAX_BYTES });
    return bytes && new TextDecoder().decode(bytes);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
