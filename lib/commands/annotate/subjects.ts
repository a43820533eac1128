import { NotFoundError, UsageError } from "../../base/errors.ts";
import type { Context } from "../../cli/command.ts";
import { saveCatalogues } from "../../cli/repository/listings.ts";
import type { ExperimentFilter } from "../../query/list/filter.ts";
import { type ExperimentList, listExperiments, type ListRequest } from "../../query/list/list.ts";
import { sourceOf } from "../../query/snapshot/source.ts";
import type { Repository } from "../../repo/repository.ts";
import type { Subject } from "./changes.ts";

/** What words name, and what a filter finds, each once. */
export async function subjectsOf(
  context: Context,
  words: readonly string[],
  filter: ExperimentFilter,
): Promise<Subject[]> {
  const hasFilter = Object.keys(filter).length > 0;
  if (words.length === 0 && !hasFilter) {
    throw new UsageError(
      "Cannot tell which experiments are meant: name them by their ids, in front of the text, or choose them with --where",
    );
  }
  if (words.length > 0 && hasFilter) {
    throw new UsageError("Cannot take ids and a filter such as --where at once: use one of them");
  }
  const repository = await context.repository();
  const found = new Map<string, Subject>();
  for (const word of hasFilter ? await idsOf(context, filter) : words) {
    const subject = await subjectOf(repository, word);
    found.set(`${subject.experiment.id}/${subject.run ?? ""}`, subject);
  }
  return [...found.values()];
}

/** An experiment, or a run by its id or as `experiment/run`. */
export async function subjectOf(
  repository: Pick<Repository, "findExperiment" | "findRun">,
  word: string,
): Promise<Subject> {
  try {
    return { experiment: await repository.findExperiment(word) };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    try {
      const run = await repository.findRun(word);
      return { experiment: run.experiment, run: run.id };
    } catch (other) {
      if (!(other instanceof NotFoundError)) throw other;
      throw word.includes("/") ? other : error;
    }
  }
}

async function idsOf(context: Context, filter: ExperimentFilter): Promise<string[]> {
  const { rows } = await listOf(context, { ...filter, cols: ["id"], sort: "created" });
  return rows.map(([id]) => String(id));
}

/** Lists experiments, in a folder or through a server. */
export async function listOf(context: Context, request: ListRequest): Promise<ExperimentList> {
  const { signal, now } = context;
  const server = await context.server();
  if (server !== undefined) return await server.list(request, { signal });
  const [listing] = await context.listings();
  const found = await listExperiments(sourceOf(listing.repository, listing), request, { now, signal });
  saveCatalogues([listing]);
  return found;
}
