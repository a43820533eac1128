import { UsageError } from "../../base/errors.ts";
import { isCondition, parseCondition } from "../../query/list/parse_condition.ts";
import { TextPieces } from "../../query/list/text_pieces.ts";
import { statisticOf } from "../../query/schema/statistics.ts";
import type { Binary, Call, Expression } from "../../query/sql/tree.ts";
import { walk } from "../../query/sql/walk.ts";
import { aggregateOf } from "./aggregates.ts";

/** A condition that is to hold, taken apart. All texts are written as `--where` is. */
export interface Assertion {
  readonly text: string;
  /** What is to be true, of each experiment or of all together; undefined where only the baseline decides. */
  readonly condition: string | undefined;
  /** Whether it is about all experiments together, by aggregates such as `count`. */
  readonly isTogether: boolean;
  /** What is measured, for messages: one side of a comparison, or the columns that are named. */
  readonly measured: readonly string[];
  /** How what is measured compares with the baseline; undefined where that cannot be said. */
  readonly comparison: BaselineComparison | undefined;
  /**
   * The last values of the series whose least, greatest or mean value is named: these leave out NaN, and a series that has
   * ended in NaN meets no condition.
   */
  readonly ends: readonly string[];
  /** Of aggregates: conditions that are true of experiments without a value to aggregate. */
  readonly gaps: readonly string[];
}

/** What is held against the baseline. */
export interface BaselineComparison {
  readonly value: string;
  readonly better: "higher" | "lower";
  /** Whether it has to be better than the baseline, not just as good. */
  readonly isStrict: boolean;
}

/** The word that stands for the value of the baseline. */
const BASELINE = "baseline";

/**
 * Takes a condition apart.
 *
 * @param text Such as `last:val_acc > 0.9`, `count(status = "failed") = 0` or `last:val_acc >= baseline`.
 * @throws {QueryError} With the place in it. @throws {UsageError} For one that has no meaning here.
 */
export function parseAssertion(text: string): Assertion {
  const pieces = new TextPieces();
  let expression: Expression;
  try {
    expression = parseCondition(text, pieces);
  } catch (error) {
    throw pieces.located(error);
  }
  const textOf = ({ start, end }: Expression) => text.slice(start, end);
  if (!isCondition(expression)) {
    throw new UsageError(
      `Cannot assert "${text}": it is not a condition; write one such as ${example(textOf(expression))}`,
    );
  }
  const calls = aggregatesIn(expression);
  const isTogether = calls.length > 0;
  if (isTogether) refuseMixed(text, expression, calls);
  const ends = isTogether ? [] : endsOf(expression);
  const sides = orderedSides(expression);
  if (mentionsBaseline(expression)) {
    const side = sides?.find(({ other }) => isBaseline(other));
    if (side === undefined || mentionsBaseline(side.value)) {
      throw new UsageError(
        `Cannot assert "${text}": baseline is one side of <, <=, > or >=, as in last:val_acc >= baseline; ` +
          "--tolerance gives it leeway",
      );
    }
    const value = textOf(side.value);
    const comparison = { value, better: side.better, isStrict: side.isStrict };
    const measured = [value];
    return { text, condition: undefined, isTogether, measured, comparison, ends, gaps: gapsOf(calls, textOf) };
  }
  const side = sides?.find(({ value, other }) => namesIn(value).length > 0 && namesIn(other).length === 0);
  const comparison = side && { value: textOf(side.value), better: side.better, isStrict: false };
  const measured = comparisonOf(expression)?.filter((part) => part.kind !== "literal" && namesIn(part).length > 0) ??
    namesIn(expression);
  return {
    text,
    condition: text,
    isTogether,
    measured: isTogether && comparisonOf(expression) === undefined ? [] : [...new Set(measured.map(textOf))],
    comparison,
    ends,
    gaps: gapsOf(calls, textOf),
  };
}

function example(value: string): string {
  return `"${value} > 0.9" or, with --baseline, "${value} >= baseline"`;
}

/** The two sides of a comparison. */
function comparisonOf(expression: Expression): Expression[] | undefined {
  return expression.kind === "binary" && !["AND", "OR"].includes(expression.op)
    ? [expression.left, expression.right]
    : undefined;
}

interface Side {
  readonly value: Expression;
  readonly other: Expression;
  readonly better: "higher" | "lower";
  readonly isStrict: boolean;
}

/** Each side of a comparison that has an order, with what is better of it. */
function orderedSides(expression: Expression): Side[] | undefined {
  const { op, left, right } = expression as Binary;
  if (expression.kind !== "binary" || !["<", "<=", ">", ">="].includes(op)) return undefined;
  const isStrict = op.length === 1;
  const [better, worse] = op.startsWith(">") ? ["higher", "lower"] as const : ["lower", "higher"] as const;
  return [{ value: left, other: right, better, isStrict }, { value: right, other: left, better: worse, isStrict }];
}

function isBaseline(expression: Expression): boolean {
  return expression.kind === "name" && expression.parts.length === 1 && expression.parts[0].text === BASELINE;
}

function mentionsBaseline(expression: Expression): boolean {
  return namesIn(expression).some(isBaseline);
}

/** The columns that an expression names, those of queries in it aside; `count(*)` counts as one. */
function namesIn(expression: Expression): Expression[] {
  const names: Expression[] = [];
  walk(expression, (node) => {
    if (node.kind === "query") return false;
    if (node.kind === "name" || node.kind === "call" && node.star) names.push(node);
  });
  return names;
}

/** The columns `last:…` of the series of which an expression names a statistic that leaves out NaN. */
function endsOf(expression: Expression): string[] {
  const found = namesIn(expression).flatMap((name) => {
    const statistic = name.kind === "name" ? statisticOf(name.parts[0].text) : undefined;
    return statistic !== undefined && ["min", "max", "mean"].includes(statistic.statistic) ? [statistic.series] : [];
  });
  return [...new Set(found)].map((series) => `last:${series}`);
}

function aggregatesIn(expression: Expression): Call[] {
  const calls: Call[] = [];
  walk(expression, (node) => {
    if (node.kind === "query") return false;
    if (aggregateOf(node) === undefined) return true;
    calls.push(node as Call);
    return false;
  });
  return calls;
}

/** A column outside of an aggregate would be that of any experiment. */
function refuseMixed(text: string, expression: Expression, calls: readonly Call[]): void {
  const isInside = ({ start, end }: Expression) => calls.some((call) => call.start <= start && end <= call.end);
  const outside = namesIn(expression).find((name) => !isInside(name) && !isBaseline(name));
  if (outside === undefined) return;
  const name = text.slice(outside.start, outside.end);
  throw new UsageError(
    `Cannot assert "${text}": ${
      calls[0].name.text
    }() is of all experiments and ${name} of each; write avg(${name}) or the like`,
  );
}

/** Of each aggregate, the condition on an experiment that it passes over because it has no value there. */
function gapsOf(calls: readonly Call[], textOf: (part: Expression) => string): string[] {
  return calls.flatMap((call) => {
    const [argument] = call.args;
    // To count what there is, is to pass over what there is not.
    if (argument === undefined || aggregateOf(call) === "count" && !isCondition(argument)) return [];
    const missing = [textOf(argument), ...endsOf(argument).map((end) => `"${end.replaceAll('"', '""')}"`)];
    const gap = `(${missing.map((value) => `(${value}) IS NULL`).join(" OR ")})`;
    return [call.filter === undefined ? gap : `(${textOf(call.filter)}) AND ${gap}`];
  });
}
