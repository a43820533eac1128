import { seriesMatcher } from "../../format/events/series_name.ts";
import type { Vector } from "../vectors/vector.ts";
import type { Scalar, ScanColumn } from "../plan/plan.ts";
import { valueAt } from "../vectors/gather.ts";
import type { ReadOptions, TableReader } from "../plan/table_reader.ts";

/** A series of a log. */
export interface ChosenSeries {
  readonly place: SeriesPlace;
  readonly series: string;
  readonly event: string;
  readonly count: number;
  /** The keys of the series of the same events; empty unless that was asked for. */
  readonly keys: ReadonlySet<string>;
}

/** The log that a series is of. */
export interface SeriesPlace {
  readonly repo: string;
  readonly exp: string;
  readonly run: string;
  readonly log: string;
}

/** The columns by which {@linkcode placeKey} distinguishes logs. */
export const PLACE_COLUMNS = ["repo", "exp", "run", "log"] as const;

/** A text that no other log has. */
export function placeKey({ repo, exp, run, log }: SeriesPlace): string {
  return `${repo}\0${exp}\0${run}\0${log}`;
}

/** The rows of some experiments of one repository or several. */
export function ofExperiments(columns: readonly ScanColumn[], ids: readonly string[] | undefined): Scalar[] {
  if (ids === undefined) return [];
  const operand: Scalar = { kind: "input", index: columns.findIndex(({ column }) => column === "exp") };
  return [{ kind: "in", operand, set: { kind: "values", values: ids } }];
}

/**
 * The series that a name means: in an experiment that has one of exactly that name, that alone.
 *
 * @param ids The experiments; undefined: all.
 * @param withKeys Whether the other series of the same events are to be known.
 */
export async function chosenSeries(
  tables: TableReader,
  name: string,
  ids: readonly string[] | undefined,
  withKeys: boolean,
  options: ReadOptions,
): Promise<ChosenSeries[]> {
  const matches = seriesMatcher(name);
  const columns = [...PLACE_COLUMNS, "event", "series", "key", "count"].map((column) => ({ table: "metrics", column }));
  const chosen: (ChosenSeries & { readonly exact: boolean })[] = [];
  const keys = new Map<string, Set<string>>();
  const where = ofExperiments(columns, ids);
  for await (const batch of tables.scan({ kind: "scan", table: "metrics", columns, where }, options)) {
    const [repo, exp, run, log, event, series, key, count] = batch.columns;
    const isMeant = testOf(series, matches);
    const textAt = (vector: Vector, row: number) => valueAt(vector, row) as string;
    for (let row = 0; row < batch.count; row++) {
      const meant = isMeant(row);
      if (!meant && !withKeys) continue;
      const place = {
        repo: textAt(repo, row),
        exp: textAt(exp, row),
        run: textAt(run, row),
        log: textAt(log, row),
      };
      const own = textAt(event, row);
      let ofEvents = NO_KEYS;
      if (withKeys) {
        const id = `${placeKey(place)}\0${own}`;
        let known = keys.get(id);
        if (known === undefined) keys.set(id, known = new Set());
        ofEvents = known.add(textAt(key, row));
      }
      if (!meant) continue;
      const whole = textAt(series, row);
      const points = Number(valueAt(count, row));
      chosen.push({ place, series: whole, event: own, count: points, keys: ofEvents, exact: whole === name });
    }
  }
  const hasExact = new Set(chosen.filter(({ exact }) => exact).map(({ place }) => `${place.repo}\0${place.exp}`));
  return chosen.filter(({ place, exact }) => exact || !hasExact.has(`${place.repo}\0${place.exp}`));
}

const NO_KEYS: ReadonlySet<string> = new Set();

/** Tests the texts of a vector, each word once. */
function testOf(vector: Vector, matches: (text: string) => boolean): (row: number) => boolean {
  if (vector.kind !== "text") return (row) => matches(valueAt(vector, row) as string);
  const known = vector.words.map(() => undefined as boolean | undefined);
  return (row) => known[vector.codes[row]] ??= matches(vector.words[vector.codes[row]]);
}
