import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { QueryError } from "../result/query_error.ts";
import { quoteName, quoteText } from "../sql/quote.ts";
import { is, type Token, tokenize } from "../sql/tokens.ts";

/** A question about experiments, without SQL around it. */
export interface Shorthand {
  /**
   * A condition of SQL over the columns of `experiments`, in which `min:loss` and the like stand for what a series comes
   * down to, and `"finished"` is a text.
   */
  readonly where?: string;
  /** Columns of `experiments`, or `<statistic>:<series>`. Default: id, name, kind, status. */
  readonly cols?: readonly string[];
  /** One such column; a `-` before it turns the order round. What has no value comes last. */
  readonly sort?: string;
  readonly limit?: number;
}

/**
 * What a series of an experiment comes down to: least, greatest and number over all runs; the first value of the first
 * run, the last value and the mean of the latest.
 */
const STATISTICS: Readonly<Record<string, (where: string) => string>> = {
  min: (where) => `SELECT min(min) FROM metrics WHERE ${where}`,
  max: (where) => `SELECT max(max) FROM metrics WHERE ${where}`,
  count: (where) => `SELECT sum(count) FROM metrics WHERE ${where}`,
  first: (where) => byRun("first", where, "ASC"),
  last: (where) => byRun("last", where, "DESC"),
  mean: (where) => byRun("mean", where, "DESC"),
};

function byRun(column: string, where: string, order: string): string {
  return `SELECT ${column} FROM metrics JOIN runs USING (run) WHERE ${where} ORDER BY created_at ${order} LIMIT 1`;
}

/** The SQL that it stands for. */
export function shorthandSql({ where, cols = ["id", "name", "kind", "status"], sort, limit }: Shorthand): string {
  const selected = cols.map((column) => `${expressionOf(column)} AS ${quoteName(column)}`);
  let sql = `SELECT ${selected.join(", ")}\nFROM experiments`;
  if (where !== undefined) sql += `\nWHERE ${conditionOf(where)}`;
  if (sort !== undefined) {
    const column = sort.replace(/^-/, "");
    const by = cols.includes(column) ? quoteName(column) : expressionOf(column);
    sql += `\nORDER BY ${by}${sort.startsWith("-") ? " DESC" : ""} NULLS LAST`;
  }
  if (limit !== undefined) sql += `\nLIMIT ${limit}`;
  return sql;
}

/** The SQL of a column of `experiments`, or of a statistic of a series. */
export function expressionOf(column: string): string {
  const colon = column.indexOf(":");
  if (colon < 0) {
    const [family, ...path] = column.split(".");
    return [family, ...path].map((part) => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(part) ? part : quoteName(part))).join(".");
  }
  return statisticOf(column.slice(0, colon), column.slice(colon + 1));
}

function statisticOf(statistic: string, series: string): string {
  if (!Object.hasOwn(STATISTICS, statistic)) {
    const hint = didYouMean(statistic, Object.keys(STATISTICS)) || `: ${Object.keys(STATISTICS).join(", ")}`;
    throw new UsageError(`Cannot show "${statistic}:${series}": there is no such statistic of a series${hint}`);
  }
  const column = series.includes(":") ? "series" : "key";
  return `(${STATISTICS[statistic](`metrics.exp = experiments.exp AND metrics.${column} = ${quoteText(series)}`)})`;
}

/** The SQL of a condition on experiments. */
export function conditionOf(where: string): string {
  const tokens = tokenize(where);
  let out = "";
  let copied = 0;
  const replace = (from: Token, to: Token, by: string) => {
    out += where.slice(copied, from.start) + by;
    copied = to.end;
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const next = tokens[at + 1];
    if (is(token, ";")) throw new QueryError("Cannot read the condition: it must be one", where, token.start);
    if (token.kind === "quoted" && token.raw.startsWith('"') && !is(tokens[at - 1], ".") && !is(next, ".")) {
      replace(token, token, quoteText(token.value));
    } else if (token.kind === "name" && next?.kind === "parameter" && next.start === token.end) {
      let end = at + 1;
      while (is(tokens[end + 1], ".") && tokens[end + 1].start === tokens[end].end && tokens[end + 2] !== undefined) {
        end += 2;
      }
      replace(token, tokens[end], statisticOf(token.value, where.slice(next.start + 1, tokens[end].end)));
      at = end;
    }
  }
  return out + where.slice(copied);
}
