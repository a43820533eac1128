import { didYouMean, nearest } from "../../../base/suggest.ts";
import { QueryError } from "../../result/query_error.ts";
import type { NameExpression } from "../../sql/tree.ts";
import { statisticOf, STATISTICS } from "../../schema/statistics.ts";
import type { Instance } from "../bound.ts";
import type { BindContext } from "../scope/context.ts";
import { instancesOf } from "../from_names.ts";
import type { Scope } from "../scope/scope.ts";
import { elsewhere } from "./elsewhere.ts";
import { hintOfFamily } from "./family.ts";
import { otherWord } from "./other_words.ts";
import { hintOfQualifier } from "./qualifier.ts";

/** A name that names nothing. */
export function unknownName(context: BindContext, scope: Scope, name: NameExpression): QueryError {
  const written = context.sql.slice(name.start, name.end);
  const fail = (hint: string) => {
    const quoted = written.startsWith('"') && name.parts.length === 1 ? written : `"${written}"`;
    return new QueryError(`Cannot find the column ${quoted}${hint}`, context.sql, name.start);
  };
  const texts = name.parts.map(({ text }) => text);
  const instances = instancesAround(scope);
  if (scope.place.where === "in LIMIT" || scope.place.where === "in OFFSET") {
    return fail(`: ${scope.place.where.slice(3)} sees no columns, only numbers, parameters and subqueries`);
  }
  if (isBeside(scope, texts)) {
    return fail(": a subquery in FROM does not see the tables beside it; join it by ON, or move it among the columns");
  }
  if (instances.length === 0) return fail(": there is no FROM");
  if (texts.length > 1) {
    const isCalled = instances.filter(({ name }) => name.toLowerCase() === texts[0].toLowerCase());
    if (isCalled.length > 0) return fail(hintOfColumn(context, texts.slice(1), isCalled, texts[0]));
    return fail(
      hintOfFamily(texts, instances) ?? elsewhere(texts, instances) ?? hintOfQualifier(texts, instances),
    );
  }
  const [{ quote, text }] = name.parts;
  if (quote === '"' && text.includes(":")) {
    const hint = hintOfStatistic(text, instances);
    if (hint !== undefined) return fail(hint);
  }
  const how = { isQuoted: quote === '"', isCompared: COMPARED.test(context.sql.slice(0, name.start)) };
  const known = hintOfAlias(scope, text) ?? hintOfColumn(context, texts, instances, undefined, how);
  if (quote === '"' && !known.startsWith("; did you mean")) return fail(`; write a text in single quotes: '${text}'`);
  return fail(known);
}

/** What stands before a value that something is compared with. */
const COMPARED = /(=|<>|!=|\blike|\bglob)\s*$/i;

function instancesAround(scope: Scope): readonly Instance[] {
  const found: Instance[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) found.push(...instancesOf(at.from));
  return found;
}

/** Whether a table that stands beside the subquery has the name: other databases call that LATERAL. */
function isBeside(scope: Scope, [first, ...rest]: readonly string[]): boolean {
  const isNamed = (name: string) => name.toLowerCase() === first.toLowerCase();
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const found = at.beside?.instances.some(({ name, columns }) =>
      rest.length > 0 ? isNamed(name) : columns.some((column) => isNamed(column.name))
    );
    if (found === true) return true;
  }
  return false;
}

/** What a column of some tables may have been meant to be. */
function hintOfColumn(
  { tables }: BindContext,
  texts: readonly string[],
  instances: readonly Instance[],
  qualifier: string | undefined,
  { isQuoted = false, isCompared = false } = {},
): string {
  const [text] = texts;
  const before = qualifier === undefined ? "" : `${qualifier}.`;
  if (texts.length > 1) return hintOfFamily(texts, instances, before) ?? "";
  if (/^(rowid|oid|_rowid_)$/i.test(text)) {
    return "; rows have no number here: there is idx of points, line of events, and row_number() OVER ()";
  }
  const shown = instances.flatMap(({ columns }) => columns.map(({ name }) => name));
  const hidden = instances.flatMap((instance) => tables.get(instance)?.hidden.map(({ name }) => name) ?? []);
  const word = otherWord(text, [...shown, ...hidden]);
  if (word !== undefined) return `; did you mean "${before}${word}"?`;
  const near = nearest(text, [...shown, ...hidden]);
  if (near !== undefined) return `; did you mean "${before}${near}"?`;
  if (isQuoted) return "";
  const part = instances.some((instance) => hasFamily(instance, "params"))
    ? `${before}params.${text}`
    : instances.some((instance) => hasFamily(instance, "data"))
    ? `${before}data.${text}`
    : undefined;
  if (isCompared) return `; did you mean the text '${text}'${part === undefined ? "" : `, or "${part}"`}?`;
  const other = elsewhere(texts, instances);
  if (other !== undefined) return other;
  const isOfSeries = instances.some(({ source }) =>
    source.kind === "table" && (source.table.name === "points" || source.table.name === "metrics")
  );
  const series = isOfSeries ? `WHERE ${before}key = '${text}' chooses a series` : undefined;
  if (part === undefined) return series === undefined ? columnsOf(instances) : `; ${series}`;
  // Whether there is such a part is unknown here.
  if (series !== undefined) return `; ${series}, and "${part}" is of the data`;
  return part.endsWith(`params.${text}`)
    ? `; a param is called "${part}", a series "last:${text}" or "min:${text}"`
    : `; a part of the data is called "${part}"`;
}

function hasFamily({ source }: Instance, family: string): boolean {
  return source.kind === "table" && source.table.families.includes(family);
}

/** The columns of a subquery, which a person may not have at hand. */
function columnsOf(instances: readonly Instance[]): string {
  const queries = instances.filter(({ source }) => source.kind === "query");
  if (instances.length !== 1 || queries.length !== 1 || queries[0].columns.length > 12) return "";
  return `; there are ${queries[0].columns.map(({ name }) => name).join(", ")}`;
}

/** An alias of the SELECT, where it cannot be seen. */
function hintOfAlias({ select, aliases }: Scope, text: string): string | undefined {
  if (select === undefined || aliases.length > 0) return undefined;
  const isCalled = (other: string | undefined) => other?.toLowerCase() === text.toLowerCase();
  // What is called by its own name hides no column.
  const isAlias = select.items.some((item) =>
    item.kind === "item" && isCalled(item.alias?.text) &&
    !(item.expression.kind === "name" && isCalled(item.expression.parts.at(-1)!.text))
  );
  return isAlias
    ? ": the columns of a SELECT do not see its aliases; put it into FROM (…), or repeat the expression"
    : undefined;
}

/** `"best:loss"`, and statistics where no experiments are. */
function hintOfStatistic(text: string, instances: readonly Instance[]): string | undefined {
  const hasStatistics = instances.some(({ source }) => source.kind === "table" && source.table.hasStatistics === true);
  if (statisticOf(text) !== undefined) return hasStatistics ? undefined : "; statistics are columns of experiments";
  const [statistic, ...series] = text.split(":");
  const others: Readonly<Record<string, string>> = { avg: "mean", average: "mean", final: "last", latest: "last" };
  const near = others[statistic.toLowerCase()] ?? nearest(statistic, STATISTICS);
  if (near !== undefined) return `; did you mean "${near}:${series.join(":")}"?`;
  return hasStatistics ? didYouMean(statistic, STATISTICS) || `; statistics are ${STATISTICS.join(", ")}` : undefined;
}
