import { lastSegment } from "../../base/paths.ts";
import { isId } from "../../base/ids.ts";
import { messageOf } from "../../base/errors.ts";
import {
  checkExperimentName,
  checkLogName,
  definitionFile,
  notesFolder,
  runsFolder,
} from "../../format/layout/names.ts";
import type { Checking } from "./checking.ts";
import { checkDefinition } from "./definition.ts";
import { checkLog } from "./log.ts";
import { checkLostEvents } from "./lost_events.ts";
import { checkSeals } from "./seals.ts";
import { checkStrays } from "./strays.ts";
import { duplicates, type Seen, SeenIds } from "./duplicates.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";
import type { Run } from "../experiments/run.ts";
import { PrefetchedStore } from "../../store/local/prefetched_store.ts";

/** Looks at all that stands in experiments. Damage in one never hides another's. */
export async function* checkExperiments(repo: Repository, { options, done }: Checking): AsyncIterableIterator<Problem> {
  const seen: Seen = { experiments: new SeenIds(), runs: new SeenIds() };
  for await (const experiment of repo.experiments({ signal: options.signal })) {
    seen.experiments.add(experiment);
    using _held = repo.store instanceof PrefetchedStore ? repo.store.hold(experiment.folder) : undefined;
    yield* checkExperiment(repo, experiment, seen);
    done.experiments++;
    options.onProgress?.(done);
    options.signal?.throwIfAborted();
  }
  yield* duplicates(seen);
}

async function* checkExperiment(
  repo: Repository,
  experiment: Experiment,
  seen: Seen,
): AsyncIterableIterator<Problem> {
  const { folder, version } = experiment;
  if (version === 1) {
    yield* checkPlace(experiment);
    yield* checkStrays(repo, folder, "experiment");
    yield* checkStrays(repo, runsFolder(folder), "runs");
    yield* checkStrays(repo, notesFolder(folder), "notes");
  }
  yield* checkDefinition(repo, definitionFile(folder), version);
  for (const run of await experiment.runs()) {
    if (version === 1) {
      seen.runs.add(run);
      yield* checkDefinition(repo, definitionFile(run.folder), version);
      yield* checkId(run);
      yield* checkStrays(repo, run.folder, "run");
    }
    for (const name of await run.logs()) {
      const log = run.log(name);
      yield* checkName(log.file, () => checkLogName(name));
      yield* checkLog(repo, log, version);
    }
    yield* checkSeals(run);
    yield* checkLostEvents(run);
  }
  for (const log of await experiment.noteLogs()) yield* checkLog(repo, log, 1);
}

/** Whether an experiment stands where its definition says. */
function* checkPlace(experiment: Experiment): Generator<Problem> {
  const { folder, name } = experiment;
  yield* checkId(experiment);
  const own = lastSegment(folder);
  const expected = name === "" ? own : `${name}/${own}`;
  if (folder !== expected) {
    // Nothing is lost by it: it is read where it stands.
    const message =
      `the name is "${name}", but the folder is "${folder}": it was moved by hand; move it back to "${expected}", or ` +
      "other copies will have it in both places";
    yield problem("moved", { path: definitionFile(folder), message });
  }
  const above = folder.slice(0, -own.length - 1);
  yield* checkName(folder, () => checkExperimentName(above));
}

function* checkId({ folder }: Experiment | Run): Generator<Problem> {
  const own = lastSegment(folder);
  if (!isId(own)) {
    const message = "an id of format v0, which is no longer used for new experiments; it is read anyway";
    yield problem("irregular-name", { path: folder, message });
  }
}

/** `check` throws for a name that a writer must refuse. */
function* checkName(path: string, check: () => void): Generator<Problem> {
  try {
    check();
  } catch (error) {
    yield problem("irregular-name", { path, message: `${messageOf(error)} It is read anyway` });
  }
}
