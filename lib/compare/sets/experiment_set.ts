import { AmbiguousError, NotFoundError } from "../../base/errors.ts";
import type { ExperimentFilter } from "../../query/list/filter.ts";
import { quoteText } from "../../query/sql/quote.ts";
import type { Asking } from "../asking.ts";

/** Experiments that are compared with others. */
export interface ExperimentSet {
  /** As it was named. */
  readonly name: string;
  readonly filter: ExperimentFilter;
}

/** What a tag or an id does not look like: a condition has an operator, a space, or parentheses. */
const CONDITION = /[\s=<>()'"]/;

/** How many ids a message lists. */
const MAX_LISTED = 5;

/**
 * The experiments that a word names: a condition as of `--where`; else those with the tag; else the experiment, or the run,
 * of which the word is the beginning of the id.
 *
 * @throws {NotFoundError} Where it names nothing. @throws {AmbiguousError} Where several ids begin with it.
 */
export async function namedSet(asking: Asking, name: string): Promise<ExperimentSet> {
  if (CONDITION.test(name)) return { name, filter: { where: name } };
  const tagged = await asking.rows({ cols: ["id"], tags: [name], limit: 1 });
  if (tagged.length > 0) return { name, filter: { tags: [name] } };
  if (/^[_0-9a-zA-Z]+$/.test(name)) {
    // GLOB has no meaning for these letters.
    const glob = quoteText(`${name}*`);
    const experiments = await asking.rows({ cols: ["id"], where: `exp GLOB ${glob}`, limit: MAX_LISTED });
    const experiment = only(name, experiments.map(([id]) => String(id)));
    if (experiment !== undefined) return { name: experiment, filter: { where: `exp = ${quoteText(experiment)}` } };
    const runs = await asking.rows(`SELECT run FROM runs WHERE run GLOB ${glob} LIMIT ${MAX_LISTED}`);
    const run = only(name, runs.map(([id]) => String(id)));
    if (run !== undefined) return { name: run, filter: { run } };
  }
  throw new NotFoundError(
    `Cannot find the experiments "${name}": none has this tag, and no id of an experiment or a run begins with it`,
  );
}

function only(name: string, ids: readonly string[]): string | undefined {
  if (ids.length <= 1 || ids.includes(name)) return ids.includes(name) ? name : ids[0];
  const listed = `${ids.join(", ")}${ids.length < MAX_LISTED ? "" : ", …"}`;
  throw new AmbiguousError(`Cannot choose between ids that begin with "${name}": ${listed}`, ids);
}

/** The experiments of a filter that are not among some others. A run leaves its experiment in: that has other runs. */
export function without(filter: ExperimentFilter, others: ExperimentFilter): ExperimentFilter {
  const conditions = [
    ...others.where === undefined ? [] : [others.where],
    ...(others.tags ?? []).map((tag) => `tags = ${quoteText(tag)}`),
  ];
  if (conditions.length === 0) return filter;
  const apart = `coalesce(${conditions.map((condition) => `(${condition})`).join(" AND ")}, 0) = 0`;
  return { ...filter, where: filter.where === undefined ? apart : `(${filter.where}) AND ${apart}` };
}
