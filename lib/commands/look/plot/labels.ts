import { isSystemSeries } from "../../../format/events/series_key.ts";
import { lastPart } from "../../../format/events/series_name.ts";
import type { Curve } from "../../../query/curves/curve.ts";
import type { QueryValue } from "../../../query/result/answer.ts";
import { short } from "../../../terminal/values.ts";
import type { Asking } from "../../../compare/asking.ts";
import { quoteText } from "../../../query/sql/quote.ts";

/** A value by which curves are told apart and put in their order; undefined where an experiment has none. */
type Part = readonly [name: string, value: unknown];

/** What is known of a curve besides its points. */
export interface Described {
  readonly curve: Curve;
  readonly parts: readonly Part[];
}

/** More parameters than these are not named. */
const MAX_PARTS = 4;
/** More experiments are named by their ids. */
const MAX_EXPERIMENTS = 2000;
/** A longer value is cut. */
const MAX_VALUE = 24;

/**
 * Finds out in what curves differ: their series, the columns they are grouped by, or the parameters of their experiments; where
 * these are equal, the ids. Returns them in natural order of these.
 */
export async function described(curves: readonly Curve[], asking: Asking): Promise<Described[]> {
  const isGrouped = curves.length > 0 && curves[0].labels.exp === undefined;
  const params = isGrouped ? new Map<string, Part[]>() : await paramsOf(curves, asking);
  const series = seriesNames(curves);
  const all = curves.map(({ labels }): Part[] => {
    const own = isGrouped
      ? Object.entries(labels).filter(([name]) => name !== "series").map(([name, value]): Part => [name, value])
      : params.get(String(labels.exp)) ?? [];
    return [["series", series.get(String(labels.series))], ...own];
  });
  const differing = differingNames(all);
  const kept = isGrouped ? differing : differing.slice(0, MAX_PARTS + 1);
  const chosen = all.map((parts) => kept.map((name): Part => [name, parts.find((part) => part[0] === name)?.[1]]));
  const withIds = isGrouped ? chosen : distinguished(curves, chosen);
  return curves.map((curve, at) => ({ curve, parts: withIds[at] })).sort((a, b) =>
    isSystem(a.curve) - isSystem(b.curve) || compareParts(a.parts, b.parts)
  );
}

function isSystem({ labels }: Curve): number {
  return Number(isSystemSeries(String(labels.series)));
}

/** The texts of the legend. `isAligned`: as the columns of a table, for a terminal. */
export function legendOf(all: readonly Described[], isAligned: boolean): string[] {
  const texts = all.map(({ curve, parts }) =>
    parts.length === 0 ? [String(curve.labels.series)] : parts.map(textOfPart).filter((text) => text !== "")
  );
  if (!isAligned) return texts.map((parts) => parts.join(", "));
  const isTable = texts.every(({ length }) => length === texts[0].length);
  const widths = texts[0].map((_, at) => Math.max(...texts.map((parts) => parts[at]?.length ?? 0)));
  return texts.map((parts) =>
    parts.map((part, at) => isTable && at < parts.length - 1 ? part.padEnd(widths[at]) : part).join("  ")
  );
}

function textOfPart([name, value]: Part): string {
  if (name === "series" || name === "exp" || name === "run" || name === "log") return String(value);
  const text = value === undefined || value === null ? "none" : typeof value === "number" ? short(value) : plain(value);
  return `${name.replace(/^params\./, "")}=${text.length > MAX_VALUE ? text.slice(0, MAX_VALUE - 1) + "…" : text}`;
}

function plain(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The parameters of the experiments of curves, by their ids. */
async function paramsOf(curves: readonly Curve[], asking: Asking): Promise<Map<string, Part[]>> {
  const ids = [...new Set(curves.map(({ labels }) => String(labels.exp)))];
  if (ids.length < 2 || ids.length > MAX_EXPERIMENTS) return new Map();
  const rows = await asking.rows(
    `SELECT exp, name, kind, params FROM experiments WHERE exp IN (${ids.map(quoteText).join(", ")})`,
  );
  return new Map(rows.map(([exp, name, kind, params]) => {
    return [String(exp), [...leaves(parsed(params)), ["name", name], ["kind", kind]] as Part[]];
  }));
}

function parsed(params: QueryValue): unknown {
  try {
    return JSON.parse(String(params));
  } catch {
    return {};
  }
}

/** The values of an object by their dotted names. */
function* leaves(value: unknown, prefix = ""): Generator<Part> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    if (prefix !== "") yield [prefix, value];
    return;
  }
  for (const [name, inner] of Object.entries(value)) yield* leaves(inner, prefix === "" ? name : `${prefix}.${name}`);
}

/** The series, by their last parts where these distinguish them. */
function seriesNames(curves: readonly Curve[]): Map<string, string> {
  const keys = [...new Set(curves.map(({ labels }) => String(labels.series)))];
  const lasts = keys.map(lastPart);
  return new Map(
    keys.map((key, at) => [key, lasts.indexOf(lasts[at]) === lasts.lastIndexOf(lasts[at]) ? lasts[at] : key]),
  );
}

/** The names whose values are not the same everywhere, in the order in which they come. */
function differingNames(all: readonly (readonly Part[])[]): string[] {
  const values = new Map<string, { readonly texts: Set<string>; count: number }>();
  for (const parts of all) {
    for (const [name, value] of parts) {
      let known = values.get(name);
      if (known === undefined) values.set(name, known = { texts: new Set(), count: 0 });
      known.texts.add(JSON.stringify(value) ?? "");
      known.count++;
    }
  }
  const differing = [...values].filter(([, { texts, count }]) => texts.size > 1 || count < all.length).map(([name]) =>
    name
  );
  // A name tells experiments apart only where their parameters do not.
  const params = differing.filter((name) => name !== "name" && name !== "kind");
  return params.length > (params.includes("series") ? 1 : 0) ? params : differing;
}

/** The parts, with the ids of those that are still alike. */
function distinguished(curves: readonly Curve[], chosen: readonly (readonly Part[])[]): Part[][] {
  const textsOf = (all: readonly (readonly Part[])[]) =>
    all.map((parts) => JSON.stringify(parts.map(([, value]) => value)));
  let parts = chosen.map((one) => [...one]);
  for (const name of ["exp", "run", "log"]) {
    const texts = textsOf(parts);
    const isAlone = (at: number) => texts.indexOf(texts[at]) === texts.lastIndexOf(texts[at]);
    const differs = curves.some(({ labels }) => labels[name] !== curves[0].labels[name]);
    if (!differs || texts.every((_, at) => isAlone(at))) continue;
    parts = parts.map((one, at) => [...one, [name, curves[at].labels[name]]]);
  }
  return parts;
}

const COLLATOR = new Intl.Collator("en", { numeric: true });

function compareParts(a: readonly Part[], b: readonly Part[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = compareValues(a[at][1], b[at][1]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers by their size, before texts by the numbers in them; what is missing comes last. */
function compareValues(a: unknown, b: unknown): number {
  const rank = (value: unknown) => value === undefined || value === null ? 2 : isNumber(value) ? 0 : 1;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  return COLLATOR.compare(plain(a), plain(b));
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
