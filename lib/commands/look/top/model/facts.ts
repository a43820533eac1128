import type { TopSource } from "./sources.ts";

/** What is known of a series of a run without its points. */
export interface SeriesFact {
  /** Its whole key: `train/epoch/*:loss`. */
  readonly series: string;
  readonly event: string;
  /** The part behind the colon. */
  readonly key: string;
  readonly run: string;
  readonly log: string;
  readonly count: number;
  readonly last: number;
  readonly firstStep: number;
  readonly lastStep: number;
}

/** The series of experiments, by their ids. */
export type Facts = ReadonlyMap<string, readonly SeriesFact[]>;

/** More series are not looked at. */
const MAX_SERIES = 20_000;

/** What is known of the series of some experiments of a repository, again each time that a point comes. */
export async function* followFacts(
  { repository }: TopSource,
  ids: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Facts, void> {
  const names = ids.map((_, at) => `id${at}`);
  const sql =
    `SELECT exp, series, event, key, run, log, count, last, first_step, last_step FROM metrics WHERE exp IN (${
      names.map((name) => `:${name}`).join(", ")
    }) LIMIT ${MAX_SERIES}`;
  const params = Object.fromEntries(names.map((name, at) => [name, ids[at]]));
  for await (const { rows } of repository.live(sql, params, { signal })) {
    const facts = new Map<string, SeriesFact[]>(ids.map((id) => [id, []]));
    for (const [exp, series, event, key, run, log, count, last, firstStep, lastStep] of rows) {
      facts.get(String(exp))?.push({
        series: String(series),
        event: String(event),
        key: String(key),
        run: String(run),
        log: String(log),
        count: Number(count),
        last: Number(last ?? NaN),
        firstStep: Number(firstStep ?? NaN),
        lastStep: Number(lastStep ?? NaN),
      });
    }
    yield facts;
  }
}

/** The log that `dbx run` samples the machine into. */
const SYSTEM_LOG = "system";

/** Whether a series is of the machine, and not of what ran on it. */
export function isSystem({ log, event }: Pick<SeriesFact, "log" | "event">): boolean {
  return log === SYSTEM_LOG || event === "system" || event.startsWith("system/");
}

/** The series of several experiments, each once: first those of the run, then those of the machine, in natural order. */
export function seriesNames(facts: Iterable<readonly SeriesFact[]>): { name: string; isSystem: boolean }[] {
  const names = new Map<string, boolean>();
  for (const of of facts) {
    for (const fact of of) {
      // One sample of the machine says nothing as a chart.
      if (!isSystem(fact) || fact.count > 1 || names.has(fact.series)) names.set(fact.series, isSystem(fact));
    }
  }
  const order = new Intl.Collator("en", { numeric: true });
  return [...names].map(([name, isSystem]) => ({ name, isSystem }))
    .sort((a, b) => Number(a.isSystem) - Number(b.isSystem) || order.compare(a.name, b.name));
}

/** The use of the machine that was last seen: percent of all processors, and of each GPU their mean. */
export function usageOf(facts: readonly SeriesFact[]): { readonly cpu?: number; readonly gpu?: number } {
  const gpus: number[] = [];
  let cpu: number | undefined;
  for (const fact of facts) {
    if (!isSystem(fact)) continue;
    if (fact.key === "cpu_percent") cpu = fact.last;
    if (fact.key === "utilization") gpus.push(fact.last);
  }
  const gpu = gpus.length === 0 ? undefined : gpus.reduce((sum, value) => sum + value, 0) / gpus.length;
  return { cpu, gpu };
}
