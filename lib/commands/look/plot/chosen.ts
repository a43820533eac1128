import { UsageError } from "../../../base/errors.ts";
import type { ExperimentFilter } from "../../../query/list/filter.ts";
import type { Asking } from "../../../compare/asking.ts";
import { quoteText } from "../../../query/sql/quote.ts";

/** What a command line means by its words. */
export interface Chosen {
  /** The names or globs of series. */
  readonly series: readonly string[];
  /** The ids of experiments; empty: all. */
  readonly experiments: readonly string[];
  /** The ids of runs, of which alone something is drawn in their experiments. */
  readonly runs: readonly string[];
}

/** An id or the beginning of one. */
const ID = /^[0-9A-Za-z_]+$/;

/** Tells series from ids: the first word is a series, and a further one is an id if it can be one and no series has it as its name. */
export async function chosenOf(words: readonly string[], asking: Asking): Promise<Chosen> {
  const [first, ...more] = words;
  const series = [first];
  const experiments: string[] = [];
  const runs: string[] = [];
  const plain = [...new Set(more.filter((word) => ID.test(word)))];
  // Without a condition: a query that names a series must name one that there is.
  const known = plain.length === 0 ? [] : await asking.rows("SELECT DISTINCT key FROM metrics");
  const keys = new Set(known.map(([key]) => key));
  for (const word of new Set(more)) {
    if (!ID.test(word) || keys.has(word)) series.push(word);
    else {
      const found = await idOf(word, asking);
      (found.isRun ? runs : experiments).push(found.id);
    }
  }
  return { series, experiments, runs };
}

async function idOf(word: string, asking: Asking): Promise<{ readonly id: string; readonly isRun: boolean }> {
  // The greatest text that begins with the word is below this one.
  const begins = (column: string) =>
    `${column} >= ${quoteText(word)} AND ${column} < ${quoteText(`${word}\u{10ffff}`)}`;
  const experiments = await asking.rows(`SELECT DISTINCT exp FROM experiments WHERE ${begins("exp")} LIMIT 3`);
  const found = experiments.length > 0
    ? experiments
    : await asking.rows(`SELECT DISTINCT run FROM runs WHERE ${begins("run")} LIMIT 3`);
  const ids = found.map(([id]) => String(id));
  if (ids.length === 0) {
    throw new UsageError(
      `Cannot plot "${word}": no series has this name, and no experiment or run an id that begins with it; dbx ls and dbx schema list them`,
    );
  }
  if (ids.length > 1 && !ids.includes(word)) {
    const listed = ids.slice(0, 2).join(", ") + (ids.length > 2 ? ", …" : "");
    throw new UsageError(`Cannot plot "${word}": several ids begin with it: ${listed}; give more of it`);
  }
  return { id: ids.includes(word) ? word : ids[0], isRun: experiments.length === 0 };
}

/** The filter, narrowed to the experiments that were named. */
export function narrowed(filter: ExperimentFilter, { experiments, runs }: Chosen): ExperimentFilter {
  const conditions = [
    ...experiments.length > 0 ? [`exp IN (${experiments.map(quoteText).join(", ")})`] : [],
    ...runs.length > 0 ? [`exp IN (SELECT exp FROM runs WHERE run IN (${runs.map(quoteText).join(", ")}))`] : [],
  ];
  if (conditions.length === 0) return filter;
  const own = `(${conditions.join(" OR ")})`;
  return { ...filter, where: filter.where === undefined ? own : `${own} AND (${filter.where})` };
}
