import { isSystemSeries } from "../../../format/events/series_key.ts";
import { lastPart } from "../../../format/events/series_name.ts";
import type { Curve } from "../../../query/curves/curve.ts";
import { differingKeys } from "../../../query/list/differing_params.ts";
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
 * these are equal or missing, the names, kinds or ids. Returns them in natural order of these.
 */
export async function described(curves: readonly Curve[], asking: Asking): Promise<Described[]> {
  const isGrouped = curves.length > 0 && curves[0].labels.exp === undefined;
  const facts = isGrouped ? new Map<string, Facts>() : await factsOf(curves, asking);
  const names = isGrouped
    ? groupColumns(curves)
    : differingKeys([...facts.values()].map(({ params }) => params)).slice(0, MAX_PARTS);
  const series = seriesNames(curves);
  const chosen = curves.map(({ labels }): Part[] => {
    const values = isGrouped ? labels : facts.get(String(labels.exp))?.params ?? {};
    const own = names.map((name): Part => [name, values[name]]);
    return series.size > 1 ? [["series", series.get(String(labels.series))], ...own] : own;
  });
  const withIds = isGrouped ? chosen : distinguished(curves, chosen, facts);
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
    parts.some(isWritten) ? parts.map(textOfPart) : [String(curve.labels.series)]
  );
  if (!isAligned) return texts.map((parts) => parts.filter((text) => text !== "").join(", "));
  const columns = Math.max(...texts.map(({ length }) => length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...texts.map((parts) => parts[at]?.length ?? 0)));
  return texts.map((parts) =>
    parts.map((part, at) => part.padEnd(widths[at])).filter((part) => part !== "").join("  ").trimEnd()
  );
}

/** Whether a legend says it: not what an experiment lacks. */
function isWritten([, value]: Part): boolean {
  return value !== undefined;
}

function textOfPart(part: Part): string {
  const [name, value] = part;
  if (!isWritten(part)) return "";
  if (["series", "exp", "run", "log"].includes(name)) return String(value);
  const text = value === null ? "none" : typeof value === "number" ? short(value) : plain(value);
  return `${name.replace(/^params\./, "")}=${text.length > MAX_VALUE ? text.slice(0, MAX_VALUE - 1) + "…" : text}`;
}

function plain(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The columns of groups that are not alike in all of them. */
function groupColumns(curves: readonly Curve[]): string[] {
  const differs = (name: string) => new Set(curves.map(({ labels }) => labels[name])).size > 1;
  return Object.keys(curves[0].labels).filter((name) => name !== "series" && differs(name));
}

/** What is known of an experiment. */
interface Facts {
  /** By their dotted names. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly name: QueryValue | undefined;
  readonly kind: QueryValue | undefined;
}

/** The experiments of curves, by their ids; empty where there is but one. */
async function factsOf(curves: readonly Curve[], asking: Asking): Promise<Map<string, Facts>> {
  const ids = [...new Set(curves.map(({ labels }) => String(labels.exp)))];
  if (ids.length < 2 || ids.length > MAX_EXPERIMENTS) return new Map();
  const rows = await asking.rows(
    `SELECT exp, name, kind, params FROM experiments WHERE exp IN (${ids.map(quoteText).join(", ")})`,
  );
  return new Map(rows.map(([exp, name, kind, params]) => {
    return [String(exp), {
      params: Object.fromEntries(leaves(parsed(params))),
      name: name ?? undefined,
      kind: kind ?? undefined,
    }];
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

/** What tells curves apart whose parts are alike, or that have none: each only where the ones before do not. */
const FURTHER = ["name", "kind", "exp", "run", "log"];

/** The parts, with more of those that are still alike, and of those that say nothing. */
function distinguished(
  curves: readonly Curve[],
  chosen: readonly (readonly Part[])[],
  facts: ReadonlyMap<string, Facts>,
): Part[][] {
  const parts = chosen.map((one) => [...one]);
  if (curves.length < 2) return parts;
  const furtherOf = ({ labels }: Curve, name: string): unknown =>
    name === "name" || name === "kind" ? facts.get(String(labels.exp))?.[name] : labels[name];
  for (const name of FURTHER) {
    const alike = Map.groupBy(
      parts.keys(),
      (at) => JSON.stringify(parts[at].map(([, value]) => value === undefined ? [] : [value])),
    );
    for (const group of alike.values()) {
      const isMute = name === "exp" && facts.size > 1 && !parts[group[0]].some(isWritten);
      const differs = group.some((at) => furtherOf(curves[at], name) !== furtherOf(curves[group[0]], name));
      if (isMute || differs) { for (const at of group) parts[at].push([name, furtherOf(curves[at], name)]); }
    }
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
