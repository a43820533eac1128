import { QueryError } from "../result/query_error.ts";

/** A piece of a query. Spaces and comments are left out. */
export interface Token {
  /** `name`: an identifier or keyword; `quoted`: an identifier in quotes; `mark`: operators and punctuation. */
  readonly kind: "name" | "quoted" | "text" | "blob" | "number" | "parameter" | "mark";
  /** As it stands in the query. */
  readonly raw: string;
  /** What it means: without quotes, a keyword or name as it was written, the digits of a blob. */
  readonly value: string;
  /** Characters from the start of the query, to the first and behind the last. */
  readonly start: number;
  readonly end: number;
}

/** As in SQLite, every character beyond ASCII may stand in a name. */
const PATTERNS: readonly (readonly [Token["kind"] | undefined, RegExp])[] = [
  [undefined, /[ \t\n\f\r\ufeff][ \t-\r]*|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ["blob", /[xX]'(?:[0-9a-fA-F]{2})*'/y],
  ["text", /'(?:[^']|'')*'/y],
  ["quoted", /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/y],
  ["number", /0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*/y],
  ["number", /(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?/y],
  ["parameter", /[:@$](?:[\w$\x80-\uffff]|::)+(?:\([^\s)]*\))?|\?\d*/y],
  ["name", /[a-zA-Z_\x80-\uffff][\w$\x80-\uffff]*/y],
  ["mark", /->>|->|\|\||<<|>>|<=|>=|<>|!=|==|[-+*\/%&|~<>=(),.;]/y],
];

const NAME_CHARACTER = /[\w$\x80-\uffff]/;

/** The tokens of SQLite's dialect. Throws `QueryError` at characters that form no token, such as a text without an end. */
export function tokenize(sql: string, from = 0): Token[] {
  const tokens: Token[] = [];
  let at = from;
  next: while (at < sql.length) {
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const raw = pattern.exec(sql)?.[0];
      if (raw === undefined) continue;
      const end = at + raw.length;
      if (kind === "number" && end < sql.length && NAME_CHARACTER.test(sql[end])) throw malformedNumber(sql, at);
      if (kind === "name" && raw.length === 1 && /^[xX]'/.test(sql.slice(at, at + 2))) {
        throw new QueryError("Cannot read the query: a blob takes two hexadecimal digits for each byte", sql, at);
      }
      if (kind !== undefined) tokens.push({ kind, raw, value: meaning(kind, raw), start: at, end });
      at = end;
      continue next;
    }
    const what = /['"`[]/.test(sql[at])
      ? `the ${sql[at]} that opens here is never closed`
      : sql.startsWith("::", at)
      ? "there is no operator ::, write CAST(… AS TEXT)"
      : `unrecognized character ${JSON.stringify(sql[at])}`;
    throw new QueryError(`Cannot read the query: ${what}`, sql, at);
  }
  return tokens;
}

function malformedNumber(sql: string, at: number): QueryError {
  const raw = /^[\w.$\x80-\uffff]+/.exec(sql.slice(at, at + 60))?.[0] ?? sql[at];
  return new QueryError(`Cannot read the query: "${raw}" is neither a number nor a name`, sql, at);
}

function meaning(kind: Token["kind"], raw: string): string {
  if (kind === "blob") return raw.slice(2, -1);
  if (kind === "text") return raw.slice(1, -1).replaceAll("''", "'");
  if (kind !== "quoted") return raw;
  const quote = raw[0];
  return quote === "[" ? raw.slice(1, -1) : raw.slice(1, -1).replaceAll(quote + quote, quote);
}

/** Whether a token is this keyword or mark. */
export function is(token: Token | undefined, word: string): boolean {
  return token !== undefined && (token.kind === "name" || token.kind === "mark") &&
    token.raw.toUpperCase() === word.toUpperCase();
}
