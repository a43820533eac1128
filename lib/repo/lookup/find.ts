import { lastSegment } from "../../base/paths.ts";
import { AmbiguousError, NotFoundError } from "../../base/errors.ts";
import { isIdV0 } from "../../base/ids.ts";
import { newestOf } from "../experiments/addition.ts";
import { Experiment, type ExperimentRun } from "../experiments/experiment.ts";
import { hintOf, type Ids, ListedIds, type Named } from "./ids.ts";
import { unchanged } from "./named_experiments.ts";
import type { LookupContext, Place } from "./context.ts";

/**
 * Finds an experiment by the beginning of its id: folders are named by ids, so only what fits is read. With the folders
 * above it (`name/…/id`) it is found where it stands twice, too. `ids`: those that there are; by default they are listed, where
 * the catalogue does not know them.
 */
export async function findExperiment(repository: LookupContext, prefix: string, ids?: Ids): Promise<Experiment> {
  const known = ids === undefined ? await knownExperiments(repository, prefix) : [];
  if (known.length === 1) return known[0];
  return await experimentAmong(repository, prefix, ids ?? await ListedIds.of(repository));
}

/** Finds a run by the beginning of its id, or of its experiment's, whose latest run it then is. `ids`: as above. */
export async function findRun(repository: LookupContext, prefix: string, ids?: Ids): Promise<ExperimentRun> {
  const known = ids === undefined ? await knownRun(repository, prefix) : undefined;
  return known ?? await runAmong(repository, prefix, ids ?? await ListedIds.of(repository));
}

/** The experiment with a whole id, or in a folder, as the catalogue knows it; undefined where it does not. */
export async function knownExperiment(repository: LookupContext, id: string): Promise<Experiment | undefined> {
  const known = isWhole(id) ? await knownExperiments(repository, id) : [];
  return known.length === 1 ? known[0] : undefined;
}

/** The same of a run, or of `experiment/run`. */
export async function knownWholeRun(repository: LookupContext, id: string): Promise<ExperimentRun | undefined> {
  return isWhole(id) ? await knownRun(repository, id) : undefined;
}

function isWhole(id: string): boolean {
  return isIdV0(lastSegment(id));
}

async function experimentAmong(repository: LookupContext, prefix: string, ids: Ids): Promise<Experiment> {
  const { places } = ids;
  const fits = await opened(repository, prefix.includes("/") ? inFolder(places, prefix) : byPrefix(places, prefix));
  // Nothing is said of runs, which only a server may know of here.
  return pick("experiment", prefix, fits, namesOf(places), repository.location);
}

async function runAmong(repository: LookupContext, prefix: string, ids: Ids): Promise<ExperimentRun> {
  const { places } = ids;
  const slash = prefix.lastIndexOf("/");
  const byFolder = slash < 0 ? [] : inFolder(places, prefix);
  if (byFolder.length > 0) {
    const experiment = pick(
      "experiment",
      prefix,
      await opened(repository, byFolder),
      namesOf(places),
      repository.location,
    );
    return await latestOf(experiment);
  }
  if (slash >= 0) {
    const experiment = await experimentAmong(repository, prefix.slice(0, slash), ids);
    const runs = (await experiment.runs()).map((run) => ({ id: run.id, run, experiment }));
    const wanted = prefix.slice(slash + 1);
    return pick("run", wanted, byPrefix(runs, wanted), namesOf(runs), `experiment ${experiment.id}`).run;
  }
  const candidates: Candidate[] = [];
  for (const experiment of await opened(repository, byPrefix(places, prefix))) {
    candidates.push({ id: experiment.id, experiment });
  }
  // An id is of one thing only: what is named by the whole of one is found.
  if (candidates[0]?.id !== prefix) {
    for (const experiment of await opened(repository, prefix === "" ? [] : await ids.ownersOf(prefix))) {
      if (experiment.version === 0) continue;
      for (const run of byPrefix(await experiment.runs(), prefix)) candidates.push({ id: run.id, run, experiment });
    }
  }
  const found = pick("experiment or run", prefix, byPrefix(candidates, prefix), ids, repository.location);
  return found.run ?? await latestOf(found.experiment);
}

function namesOf(items: readonly { readonly id: string }[]): Named {
  return {
    isNamed: (id) => items.some((item) => item.id === id),
    hint: (prefix) => hintOf(items.map(({ id }) => id), prefix),
  };
}

/**
 * The experiments that are named, as the catalogue knows them, and still there: those with the whole id, or in the folder; for
 * the beginning of an id, only where all experiments are known.
 */
async function knownExperiments(repository: LookupContext, prefix: string): Promise<Experiment[]> {
  const { catalogue } = repository;
  if (catalogue === undefined || prefix === "") return [];
  if (prefix.includes("/")) {
    return catalogue.experiment(prefix) === undefined ? [] : await opened(repository, [placeOf(prefix)]);
  }
  const isWhole = isIdV0(prefix);
  const all = isWhole ? { others: [] } : unchanged(repository);
  if (all === undefined) return [];
  const folders = [...catalogue.startingWith(prefix).experiments.map(({ folder }) => folder), ...all.others];
  // The catalogue may have turned out to be damaged.
  if (!isWhole && unchanged(repository) === undefined) return [];
  const places = folders.map(placeOf).filter(({ id }) => isWhole ? id === prefix : id.startsWith(prefix));
  return await opened(repository, places);
}

/**
 * The run that is named, as far as the catalogue knows, and still there. The beginning of an id is looked for among all
 * experiments that there are, and all runs that there were when they were listed last.
 */
async function knownRun(repository: LookupContext, prefix: string): Promise<ExperimentRun | undefined> {
  const { catalogue } = repository;
  const slash = prefix.lastIndexOf("/");
  if (catalogue === undefined) return undefined;
  const experiments = await knownExperiments(repository, prefix);
  if (experiments.length === 1 && (slash >= 0 || isIdV0(prefix))) return await latestOf(experiments[0]);
  if (slash >= 0) return await knownRunOf(repository, prefix.slice(0, slash), prefix.slice(slash + 1));
  if (experiments.length > 1 || prefix === "") return undefined;
  if (!isIdV0(prefix) && (!catalogue.knowsRuns() || unchanged(repository) === undefined)) return undefined;
  const candidates: ExperimentRun[] = [];
  for (
    const experiment of await opened(
      repository,
      catalogue.startingWith(prefix).runs.map(({ folder }) => placeOf(folder)),
    )
  ) {
    if (experiment.version === 0) continue;
    for (const run of await experiment.runs()) if (run.id.startsWith(prefix)) candidates.push(run);
  }
  if (candidates.length + experiments.length !== 1) return undefined;
  if (!isIdV0(prefix) && unchanged(repository) === undefined) return undefined;
  return candidates[0] ?? await latestOf(experiments[0]);
}

/** The run of an experiment that is named by its whole id. */
async function knownRunOf(repository: LookupContext, exp: string, prefix: string): Promise<ExperimentRun | undefined> {
  if (!isIdV0(exp) || prefix === "") return undefined;
  const owners = await knownExperiments(repository, exp);
  if (owners.length !== 1) return undefined;
  const fits = byPrefix(await owners[0].runs(), prefix);
  return fits.length === 1 ? fits[0] : undefined;
}

function placeOf(folder: string): Place {
  return { folder, id: lastSegment(folder) };
}

async function latestOf(experiment: Experiment): Promise<ExperimentRun> {
  const latest = newestOf(await experiment.runs());
  if (latest !== undefined) return latest;
  throw new NotFoundError(`Cannot find a run of experiment "${experiment.id}": it has no runs yet`);
}

/** This many experiments are read to list the ambiguous ones. */
const MAX_MATCHES = 100;

interface Candidate {
  readonly id: string;
  readonly experiment: Experiment;
  readonly run?: ExperimentRun;
}

/** The items with this id, or else those whose id starts with it. The empty prefix matches nothing. */
function byPrefix<T extends { readonly id: string }>(items: readonly T[], prefix: string): T[] {
  const exact = items.filter(({ id }) => id === prefix);
  return exact.length > 0 || prefix === "" ? exact : items.filter(({ id }) => id.startsWith(prefix));
}

/** The places whose folder starts with a prefix, the last part of which is the beginning of the id. */
function inFolder(places: readonly Place[], prefix: string): Place[] {
  const above = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const fits = places.filter(({ folder, id }) =>
    folder.startsWith(prefix) && folder === above + id && prefix !== above
  );
  const exact = fits.filter(({ folder }) => folder === prefix);
  return exact.length > 0 ? exact : fits;
}

/** What is damaged is left out, and of too many, the last ones. */
async function opened(repository: LookupContext, places: readonly Place[]): Promise<Experiment[]> {
  if (places.length > MAX_MATCHES) {
    return await opened(repository, places.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, MAX_MATCHES));
  }
  const experiments = await Promise.all(places.map((place) => repository.open(place)));
  return experiments.filter((experiment) => experiment !== undefined);
}

function pick<T extends Experiment | Candidate>(
  what: string,
  prefix: string,
  fits: readonly T[],
  named: Named,
  where: string,
): T {
  if (fits.length === 1) return fits[0];
  if (fits.length === 0) {
    if (named.isNamed(prefix)) {
      throw new NotFoundError(
        `Cannot read the ${what} "${prefix}" in ${where}: its definition is damaged or cannot be read; see dbx check`,
      );
    }
    throw new NotFoundError(
      `Cannot find the ${what} "${prefix}" in ${where}: no id starts with "${prefix}"${
        isName(prefix, named)
          ? `, but it is a name; dbx ls --name "${prefix}" lists what has it`
          : named.hint(prefix) || "; see dbx ls"
      }`,
    );
  }
  const lines = fits.map(lineOf).sort();
  const folders = fits.map((fit): string => (fit instanceof Experiment ? fit : fit.experiment).folder).sort();
  if (fits.every(({ id }) => id === fits[0].id) && new Set(folders).size > 1) {
    throw new AmbiguousError(
      `Cannot choose the ${what} "${prefix}": ${
        fits[0].id
      } stands in ${folders.length} folders, because it was moved or copied by hand:` +
        `${
          folders.map((folder) => `\n  ${folder}`).join("")
        }\nName one by its folder; dbx check says how to make them one`,
      folders,
    );
  }
  const shown = lines.slice(0, 10).map((text) => `\n  ${text}`).join("");
  const more = lines.length > 10 ? `\n  … and ${lines.length - 10} more` : "";
  throw new AmbiguousError(
    `Cannot choose the ${what} "${prefix}": ${fits.length}${
      fits.length < MAX_MATCHES ? "" : " or more"
    } ids start with it:${shown}${more}`,
    lines,
  );
}

/** Whether experiments were made with a name: it does not name one of them. */
function isName(text: string, { places = [] }: Named): boolean {
  return text !== "" && places.some(({ folder, id }) => folder === `${text}/${id}`);
}

function lineOf(item: Experiment | Candidate): string {
  if ("run" in item && item.run !== undefined) return `${item.id}  a run of ${item.experiment.id}`;
  const { id, kind, name } = "experiment" in item ? item.experiment : item;
  return [id, kind, name].filter((part) => part !== "").join("  ");
}
