import { UsageError } from "../../base/errors.ts";
import type { Question } from "../session/question.ts";
import { allOf, column, item, literal, selectFrom } from "../sql/build.ts";
import { printQuery } from "../sql/print.ts";
import type { Item, NameExpression, OrderTerm } from "../sql/tree.ts";
import { conditionsOf, type ExperimentFilter } from "./filter.ts";
import { parseValue } from "./parse_condition.ts";
import { TextPieces } from "./text_pieces.ts";
import { parseColumn } from "../schema/column_aliases.ts";

/** A question about experiments, without SQL around it. */
export interface Shorthand extends ExperimentFilter {
  /** Columns of `experiments` by full or short names, or `<statistic>:<series>`. Default: id, name, kind, status. */
  readonly cols?: readonly string[];
  /**
   * Expressions that are columns behind those, written as `where` is, such as `last:loss / first:loss`. Aggregates are over
   * all experiments that are meant, with `cols` empty; `count(status = "failed")` counts where the condition is true.
   */
  readonly values?: readonly string[];
  /** One such column; a `-` before it turns the order round. What has no value comes last. */
  readonly sort?: string;
  readonly limit?: number;
}

/** What may be asked: SQL, or a question about experiments. */
export type QueryInput = string | Shorthand;

/** The columns where none are said. */
export const DEFAULT_COLUMNS: readonly string[] = ["id", "name", "kind", "status"];

/**
 * The query that it stands for.
 *
 * @param now Milliseconds since the Unix epoch.
 * @throws {QueryError} That points into the condition. @throws {UsageError} For a column that cannot be.
 */
export function shorthandQuestion(shorthand: Shorthand, now: number): Question {
  const pieces = new TextPieces();
  const located = (error: unknown) => pieces.located(error);
  try {
    const { cols = DEFAULT_COLUMNS, values = [], sort, limit } = shorthand;
    const items = cols.map((text): Item => itemOf(parseColumn(text, pieces.add(text)), text));
    items.push(...values.map((text): Item => item(parseValue(text, pieces), text)));
    const where = allOf(conditionsOf(shorthand, pieces, now));
    const orderBy = sort === undefined ? [] : orderOf(sort, pieces);
    const span = { start: 0, end: 0 };
    const most = limit === undefined || limit === Infinity ? undefined : literal(wholeOf(limit), span);
    const tree = selectFrom("experiments", items, { where, orderBy, limit: most }, span);
    return { tree, sql: pieces.text, located };
  } catch (error) {
    throw located(error);
  }
}

/** The SQL that it stands for. */
export function shorthandSql(shorthand: Shorthand, now: number): string {
  return printQuery(shorthandQuestion(shorthand, now).tree);
}

/** By a column, absent values last; then by id, so that the order is always the same. */
function orderOf(sort: string, pieces: TextPieces): OrderTerm[] {
  const descending = sort.startsWith("-");
  const text = descending ? sort.slice(1) : sort;
  const at = pieces.add(sort) + (descending ? 1 : 0);
  const expression = parseColumn(text, at);
  const term: OrderTerm = { expression, descending, nulls: "last" };
  return [term, { expression: column("exp", expression), descending: false, nulls: undefined }];
}

/** A column under the name that it was asked for by. */
export function itemOf(expression: NameExpression, text: string): Item {
  const isSame = expression.parts.length === 1 && expression.parts[0].text === text;
  return item(expression, isSame ? undefined : text);
}

function wholeOf(limit: number): bigint {
  if (Number.isSafeInteger(limit) && limit >= 0) return BigInt(limit);
  throw new UsageError(`Cannot limit to ${limit}: it must be a whole number`);
}
