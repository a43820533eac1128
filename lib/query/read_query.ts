import { QueryError } from "./result/query_error.ts";
import { tableOf, TABLES, type TableSpec } from "./tables/schema.ts";
import { is, type Token, tokenize } from "./sql/tokens.ts";

/** A column that is a part of a column of JSON: `params.lr`. */
export interface DottedColumn {
  readonly table: TableSpec;
  /** `params` */
  readonly family: string;
  readonly path: readonly string[];
  /** `params.lr`: its name in SQLite. */
  readonly name: string;
  /** Where it stands in the query. */
  readonly position: number;
}

/** A value that the query compares a series' name with. */
export interface SeriesLiteral {
  readonly column: "key" | "series";
  readonly value: string;
  readonly position: number;
}

/** What a query is about, before anything is read. */
export interface ReadQuery {
  readonly sql: string;
  readonly tokens: readonly Token[];
  /** The query with every dotted column as one quoted name. */
  readonly rewritten: string;
  readonly tables: ReadonlySet<TableSpec>;
  readonly dotted: readonly DottedColumn[];
  readonly seriesLiterals: readonly SeriesLiteral[];
  /** The names of its parameters, without `:`, `@` or `$`. */
  readonly parameters: ReadonlySet<string>;
  /** Whether a NULL may come from something else than a NULL of a table: an outer join, a compound, a query as a value. */
  readonly mixesNulls: boolean;
}

const STARTS = ["SELECT", "WITH", "VALUES"];
const MIXING = ["LEFT", "RIGHT", "FULL", "UNION", "INTERSECT", "EXCEPT"];

/** Finds what a query reads. Throws `QueryError` where it is more than one statement, or one that does not only read. */
export function readQuery(sql: string): ReadQuery {
  const tokens = tokenize(sql);
  while (is(tokens.at(-1), ";")) tokens.pop();
  if (tokens.length === 0) throw new QueryError("Cannot run the query: it is empty", sql);
  const semicolon = tokens.find((token) => is(token, ";"));
  if (semicolon !== undefined) {
    throw new QueryError("Cannot run the query: it must be one statement", sql, semicolon.start);
  }
  if (!STARTS.some((word) => is(tokens[0], word))) {
    const message = `Cannot run the query: it begins with "${tokens[0].raw}"; a query only reads: ${STARTS.join(", ")}`;
    throw new QueryError(message, sql, tokens[0].start);
  }
  const verb = verbOf(tokens);
  if (verb !== undefined && !STARTS.some((word) => is(verb, word))) {
    throw new QueryError(`Cannot run the query: a query only reads, and this is to ${verb.raw}`, sql, verb.start);
  }
  const tables = new Set<TableSpec>();
  for (const token of tokens) {
    const table = token.kind === "name" || token.kind === "quoted" ? tableOf(token.value) : undefined;
    if (table !== undefined) tables.add(table);
  }
  const dotted: DottedColumn[] = [];
  return {
    sql,
    tokens,
    rewritten: rewrite(sql, tokens, tables, dotted),
    tables,
    dotted,
    seriesLiterals: seriesLiteralsOf(tokens),
    parameters: new Set(tokens.filter((token) => token.kind === "parameter").map((token) => token.raw.slice(1))),
    mixesNulls: tokens.some((token, at) => MIXING.some((word) => is(token, word)) || isScalarQuery(tokens, at)),
  };
}

/** Whether a query in parentheses begins here that stands for one value, which is NULL where it finds no row. */
function isScalarQuery(tokens: readonly Token[], at: number): boolean {
  if (!is(tokens[at], "(") || !is(tokens[at + 1], "SELECT") && !is(tokens[at + 1], "WITH")) return false;
  return !["FROM", "JOIN", "IN", "EXISTS", "AS", "MATERIALIZED"].some((word) => is(tokens[at - 1], word));
}

const VERBS = ["SELECT", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE"];

/** What the statement does: its first verb outside of parentheses. */
function verbOf(tokens: readonly Token[]): Token | undefined {
  let depth = 0;
  for (const token of tokens) {
    if (is(token, "(")) depth++;
    else if (is(token, ")")) depth--;
    else if (depth === 0 && VERBS.some((word) => is(token, word))) return token;
  }
}

/** Makes `params.optimizer.lr` and `e.params.lr` one column each; texts, comments and other names stay as they are. */
function rewrite(sql: string, tokens: readonly Token[], tables: Set<TableSpec>, dotted: DottedColumn[]): string {
  const owners = ownersOfFamilies(tokens);
  let out = "";
  let copied = 0;
  for (let at = 0; at < tokens.length; at++) {
    const table = isName(tokens[at]) ? owners.get(tokens[at].value.toLowerCase()) : undefined;
    if (table === undefined || !is(tokens[at + 1], ".") && !isFraction(tokens[at], tokens[at + 1])) continue;
    const path: string[] = [];
    let end = at;
    while (true) {
      if (is(tokens[end + 1], ".") && isPart(tokens[end + 2])) {
        path.push(tokens[end + 2].value);
        end += 2;
      } else if (isFraction(tokens[end], tokens[end + 1])) {
        path.push(tokens[end + 1].raw.slice(1));
        end++;
      } else break;
    }
    if (path.length === 0) continue;
    const family = tokens[at].value.toLowerCase();
    const name = [family, ...path].join(".");
    dotted.push({ table, family, path, name, position: tokens[at].start });
    tables.add(table);
    out += sql.slice(copied, tokens[at].start) + `"${name.replaceAll('"', '""')}"`;
    copied = tokens[end].end;
    at = end;
  }
  return out + sql.slice(copied);
}

/** Which table has which family; a name that the query gives to a table of its own is no family there. */
function ownersOfFamilies(tokens: readonly Token[]): Map<string, TableSpec> {
  const owners = new Map<string, TableSpec>();
  for (const table of TABLES) for (const family of table.families) owners.set(family, table);
  tokens.forEach((token, at) => {
    const [before, after] = [tokens[at - 1], tokens[at + 1]];
    const named = is(before, "AS") ? tokens[at - 2] : before;
    const isAlias = named !== undefined && (is(named, ")") || isName(named) && tableOf(named.value) !== undefined);
    const isCommon = is(after, "AS") && (is(before, "WITH") || is(before, ",") || is(before, "RECURSIVE")) &&
      is(tokens[at + 2], "(");
    if (isName(token) && (isAlias || isCommon)) owners.delete(token.value.toLowerCase());
  });
  return owners;
}

function isName(token: Token): boolean {
  return token.kind === "name" || token.kind === "quoted";
}

function isPart(token: Token | undefined): boolean {
  return token !== undefined && (isName(token) || token.kind === "text");
}

/** The `.0` of `data.loss.0`, which reads as a number, directly behind a name. */
function isFraction(before: Token, token: Token | undefined): boolean {
  return token?.kind === "number" && /^\.\d+$/.test(token.raw) && token.start === before.end;
}

/** The texts in `key = '…'`, `series = '…'` and `key IN ('…', …)`. */
function seriesLiteralsOf(tokens: readonly Token[]): SeriesLiteral[] {
  const found: SeriesLiteral[] = [];
  tokens.forEach((token, at) => {
    const column = token.kind === "name" && token.value.toLowerCase();
    if (column !== "key" && column !== "series") return;
    const add = (text: Token | undefined) => {
      if (text?.kind === "text") found.push({ column, value: text.value, position: text.start });
    };
    if (is(tokens[at + 1], "=") || is(tokens[at + 1], "==")) add(tokens[at + 2]);
    if (!is(tokens[at + 1], "IN") || !is(tokens[at + 2], "(")) return;
    for (let i = at + 3; i < tokens.length && !is(tokens[i], ")"); i++) add(tokens[i]);
  });
  return found;
}
