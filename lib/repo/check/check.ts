import { MARKER_FILE } from "../../format/layout/names.ts";
import type { Checking, CheckOptions } from "./checking.ts";
import { checkDefinition } from "./definition.ts";
import { checkExperiments } from "./experiments.ts";
import { checkLeftFiles } from "./left_files.ts";
import { checkLeftOutput } from "./left_output.ts";
import { checkLinks } from "./links.ts";
import { checkObjects } from "./objects.ts";
import { checkPortable } from "./portable.ts";
import { checkPurges } from "./purges.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";

/** One part of a check. It yields what it finds, and never throws for what is damaged. */
type Part = (repo: Repository, checking: Checking) => AsyncIterableIterator<Problem>;

/** All parts, in the order in which they run. */
const PARTS: readonly Part[] = [
  checkMarker,
  checkExperiments,
  checkObjects,
  checkListing,
  checkLinks,
  checkLeftOutput,
  checkLeftFiles,
  checkPurges,
  checkPortable,
];

/**
 * Verifies the marker, definitions, ids, every line of every log, references to objects and, with `readData`, the objects.
 * Repairs nothing. What it may find, the table `FINDINGS` says. Damage in one experiment never hides another's.
 */
export async function* checkRepository(repo: Repository, options: CheckOptions = {}): AsyncIterableIterator<Problem> {
  const checking: Checking = { options, done: { experiments: 0, objects: 0 } };
  for (const part of PARTS) yield* part(repo, checking);
}

/** A marker that could be read only in part, or is not as a writer writes it. */
async function* checkMarker(repo: Repository): AsyncIterableIterator<Problem> {
  if (repo.markerProblem !== undefined) yield problem("bad-marker", { path: MARKER_FILE, message: repo.markerProblem });
  else if (repo.version === 1) yield* checkDefinition(repo, MARKER_FILE, 1);
}

/** What was met while the experiments were listed, and left out. */
async function* checkListing(repo: Repository): AsyncIterableIterator<Problem> {
  yield* repo.problems;
  yield* repo.incomplete;
}
