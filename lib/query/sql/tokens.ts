import { QueryError } from "../result/query_error.ts";

/** A piece of a query. Spaces and comments are left out. */
export interface Token {
  /** `name`: an identifier or keyword; `quoted`: an identifier in quotes; `mark`: operators and punctuation. */
  readonly kind: "name" | "quoted" | "text" | "number" | "parameter" | "mark";
  /** As it stands in the query. */
  readonly raw: string;
  /** What it means: without quotes, a keyword or name as it was written. */
  readonly value: string;
  /** Characters from the start of the query, to the first and behind the last. */
  readonly start: number;
  readonly end: number;
}

const PATTERNS: readonly (readonly [Token["kind"] | undefined, RegExp])[] = [
  [undefined, /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ["text", /[xX]?'(?:[^']|'')*'/y],
  ["quoted", /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/y],
  ["number", /0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["parameter", /[:@$][\p{L}\p{N}_]+|\?\d*/yu],
  ["name", /[\p{L}_][\p{L}\p{N}_$]*/yu],
  ["mark", /->>|->|\|\||<<|>>|<=|>=|<>|!=|==|[-+*\/%&|~<>=(),.;]/y],
];

/** The tokens of SQLite's dialect. Throws `QueryError` at what is none, such as a text without an end. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  next: while (at < sql.length) {
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const raw = pattern.exec(sql)?.[0];
      if (raw === undefined) continue;
      if (kind !== undefined) tokens.push({ kind, raw, value: meaning(kind, raw), start: at, end: at + raw.length });
      at += raw.length;
      continue next;
    }
    const what = /['"`[]/.test(sql[at])
      ? `the ${sql[at]} that opens here is never closed`
      : `"${sql[at]}" means nothing`;
    throw new QueryError(`Cannot read the query: ${what}`, sql, at);
  }
  return tokens;
}

function meaning(kind: Token["kind"], raw: string): string {
  if (kind === "text") return raw.slice(raw.indexOf("'") + 1, -1).replaceAll("''", "'");
  if (kind !== "quoted") return raw;
  const quote = raw[0];
  return quote === "[" ? raw.slice(1, -1) : raw.slice(1, -1).replaceAll(quote + quote, quote);
}

/** Whether a token is this keyword or mark. */
export function is(token: Token | undefined, word: string): boolean {
  return token !== undefined && (token.kind === "name" || token.kind === "mark") &&
    token.raw.toUpperCase() === word.toUpperCase();
}
