import { binary } from "../sql/build.ts";
import { mapExpression } from "../sql/map.ts";
import { parseExpression } from "../sql/parse.ts";
import { is, type Token } from "../sql/tokens.ts";
import type { Expression } from "../sql/tree.ts";
import { statisticOf } from "../schema/statistics.ts";
import { resolveCondition } from "./resolve_condition.ts";
import type { TextPieces } from "./text_pieces.ts";

/**
 * Reads a condition on experiments: an expression of SQL in which `min:loss` stands for a statistic of a series, `"finished"` is a
 * text, and columns have short names; see {@linkcode resolveCondition}.
 *
 * @throws {QueryError} With the position in the text of all pieces.
 */
export function parseCondition(text: string, pieces: TextPieces): Expression {
  const start = pieces.add(text);
  const whole = pieces.text;
  return resolveCondition(parseExpression(whole, start, (tokens) => dialect(tokens, whole)), whole);
}

/**
 * Reads a value, written as a condition is. In it, `count` of a condition counts where that is true: to SQL a condition that
 * is false is a value like any other.
 *
 * @throws {QueryError} As of {@linkcode parseCondition}.
 */
export function parseValue(text: string, pieces: TextPieces): Expression {
  return mapExpression(parseCondition(text, pieces), (part) => {
    if (part.kind !== "call" || part.name.text.toLowerCase() !== "count" || part.distinct) return part;
    const [counted] = part.args;
    if (part.args.length !== 1 || !isCondition(counted)) return part;
    const filter = part.filter === undefined ? counted : binary("AND", part.filter, counted, counted);
    return { ...part, args: [], star: true, filter };
  });
}

/** Whether an expression is true or false, by what it is written as. */
export function isCondition(expression: Expression): boolean {
  switch (expression.kind) {
    case "binary":
      return CONNECTIVES.has(expression.op);
    case "unary":
      return expression.op === "NOT";
    case "call":
      return ["has_tag", "fits"].includes(expression.name.text.toLowerCase());
    default:
      return ["is", "between", "in", "like", "exists"].includes(expression.kind);
  }
}

const CONNECTIVES: ReadonlySet<string> = new Set(["AND", "OR", "=", "<>", "<", "<=", ">", ">="]);

function dialect(tokens: readonly Token[], text: string): Token[] {
  const read: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const statistic = statisticAt(tokens, at);
    if (statistic > 0) {
      const end = tokens[at + statistic].end;
      const value = text.slice(token.start, end);
      read.push({ kind: "quoted", raw: `"${value}"`, value, start: token.start, end });
      at += statistic;
    } else if (token.raw.startsWith('"') && !isPartOfName(tokens, at) && statisticOf(token.value) === undefined) {
      read.push({ ...token, kind: "text", raw: `'${token.value.replaceAll("'", "''")}'` });
    } else read.push(token);
  }
  return read;
}

/** How many tokens behind this one, all without space between, make `min:loss` or `last:val.loss` of it. */
function statisticAt(tokens: readonly Token[], at: number): number {
  const touches = (i: number) => tokens[i] !== undefined && tokens[i].start === tokens[i - 1].end;
  const parameter = tokens[at + 1];
  if (tokens[at].kind !== "name" || parameter?.kind !== "parameter" || !touches(at + 1)) return 0;
  if (!parameter.raw.startsWith(":")) return 0;
  let count = 1;
  while (is(tokens[at + count + 1], ".") && touches(at + count + 1) && touches(at + count + 2)) count += 2;
  return count;
}

function isPartOfName(tokens: readonly Token[], at: number): boolean {
  return is(tokens[at - 1], ".") || is(tokens[at + 1], ".");
}
