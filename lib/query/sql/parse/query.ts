import { QueryError } from "../../result/query_error.ts";
import { type Token, tokenize } from "../tokens.ts";
import type { CommonTable, CompoundOperator, Core, Expression, Query } from "../tree.ts";
import { Cursor } from "./cursor.ts";
import { parseExpressionAt } from "./expression.ts";
import { parseName } from "./names.ts";
import { parseSelect, parseValues } from "./select.ts";
import { parseTerms } from "./terms.ts";

const STARTS = ["SELECT", "WITH", "VALUES"];
const VERBS = ["INSERT", "REPLACE", "UPDATE", "DELETE"];
const GRAMMAR = { expression: parseExpressionAt, query: parseQueryAt };

/** The tree of a query: one statement that only reads. Throws `QueryError`, with the position, for everything else. */
export function parseQuery(sql: string): Query {
  const tokens = tokenize(sql);
  while (tokens.at(-1)?.raw === ";") tokens.pop();
  if (tokens.length === 0) throw new QueryError("Cannot run the query: it is empty", sql);
  const semicolon = tokens.find(({ kind, raw }) => kind === "mark" && raw === ";");
  if (semicolon !== undefined) {
    throw new QueryError("Cannot run the query: it must be one statement", sql, semicolon.start);
  }
  const cursor = new Cursor(sql, tokens, GRAMMAR);
  if (!STARTS.includes(cursor.word())) {
    const message = `Cannot run the query: it begins with "${tokens[0].raw}"; queries are read-only: ${
      STARTS.join(", ")
    }`;
    throw new QueryError(message, sql, tokens[0].start);
  }
  const query = parseQueryAt(cursor);
  if (cursor.token() !== undefined) cursor.fail();
  return query;
}

/**
 * The tree of a condition, or of another expression by itself. Throws `QueryError` with the position.
 *
 * @param from Where in the text it begins; it goes on to the end.
 * @param reading What the tokens are to be read as.
 */
export function parseExpression(
  sql: string,
  from = 0,
  reading: (tokens: readonly Token[]) => readonly Token[] = (tokens) => tokens,
): Expression {
  const cursor = new Cursor(sql, reading(tokenize(sql, from)), GRAMMAR);
  const expression = parseExpressionAt(cursor);
  if (cursor.token() !== undefined) cursor.fail();
  return expression;
}

function parseQueryAt(cursor: Cursor): Query {
  const { start } = cursor;
  const common = parseWith(cursor);
  const first = parseCore(cursor);
  const rest: { op: CompoundOperator; core: Core }[] = [];
  while (true) {
    const op = parseCompound(cursor);
    if (op === undefined) break;
    rest.push({ op, core: parseCore(cursor) });
  }
  const isOpen = (rest.at(-1)?.core ?? first).kind === "select";
  const orderBy = isOpen && cursor.accept("ORDER", "BY") ? parseTerms(cursor) : [];
  let limit: Expression | undefined;
  let offset: Expression | undefined;
  if (isOpen && cursor.accept("LIMIT")) {
    limit = cursor.expression();
    if (cursor.accept("OFFSET")) offset = cursor.expression();
    else if (cursor.accept(",")) [offset, limit] = [limit, cursor.expression()];
  }
  const { start: at, end } = { start: cursor.start, end: cursor.end };
  const late = parseCompound(cursor);
  if (late !== undefined) cursor.refuse(`ORDER BY and LIMIT belong behind the last SELECT, not before ${late}`, at);
  return { kind: "query", with: common, first, rest, orderBy, limit, offset, start, end };
}

function parseCore(cursor: Cursor): Core {
  const word = cursor.word();
  if (word === "SELECT") return parseSelect(cursor);
  if (word === "VALUES") return parseValues(cursor);
  if (VERBS.includes(word)) {
    const message = `Cannot run the query: queries are read-only, and this would ${cursor.token()?.raw}`;
    throw new QueryError(message, cursor.sql, cursor.start);
  }
  cursor.fail("SELECT or VALUES");
}

function parseCompound(cursor: Cursor): CompoundOperator | undefined {
  if (cursor.accept("UNION", "ALL")) return "UNION ALL";
  if (cursor.accept("UNION")) return "UNION";
  if (cursor.accept("INTERSECT")) return "INTERSECT";
  return cursor.accept("EXCEPT") ? "EXCEPT" : undefined;
}

function parseWith(cursor: Cursor): Query["with"] {
  if (!cursor.accept("WITH")) return undefined;
  const recursive = cursor.accept("RECURSIVE");
  return { recursive, tables: cursor.list(() => parseCommon(cursor)) };
}

function parseCommon(cursor: Cursor): CommonTable {
  const { start } = cursor;
  const name = parseName(cursor, "a name for a table");
  const columns = cursor.word() === "("
    ? cursor.parenthesized(() => cursor.list(() => parseName(cursor, "the name of a column")))
    : undefined;
  cursor.expect("AS");
  const not = cursor.accept("NOT");
  const isSaid = not ? cursor.expect("MATERIALIZED") !== undefined : cursor.accept("MATERIALIZED");
  const query = cursor.parenthesized(() => cursor.query());
  return { name, columns, materialized: isSaid ? !not : undefined, query, start, end: cursor.end };
}
