import { QueryError } from "../../result/query_error.ts";
import type { Expression, Query } from "../tree.ts";
import type { Token } from "../tokens.ts";
import { Heights, MAX_NESTING } from "./height.ts";

/** The rules that others come back to from below. */
export interface Grammar {
  readonly expression: (cursor: Cursor) => Expression;
  readonly query: (cursor: Cursor) => Query;
}

/** A place between the tokens of a query. */
export class Cursor {
  readonly #tokens: readonly Token[];
  /** Names in capitals, marks, `''` for all else. */
  readonly #words: readonly string[];
  readonly heights: Heights;
  #at = 0;
  #nesting = 0;

  constructor(readonly sql: string, tokens: readonly Token[], readonly grammar: Grammar) {
    this.#tokens = tokens;
    this.#words = tokens.map(({ kind, raw }) => kind === "name" ? raw.toUpperCase() : kind === "mark" ? mark(raw) : "");
    this.heights = new Heights(sql);
  }

  token(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  /** The keyword, in capitals, or mark that stands here; empty for another token and at the end. */
  word(ahead = 0): string {
    return this.#words[this.#at + ahead] ?? "";
  }

  /** Where the next token begins. */
  get start(): number {
    return this.token()?.start ?? this.sql.length;
  }

  /** Where the last token that was taken ends. */
  get end(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  take(): Token {
    const token = this.token();
    if (token === undefined) this.fail();
    this.#at++;
    return token;
  }

  /** Takes these words if they are the next. */
  accept(...words: readonly string[]): boolean {
    if (!words.every((word, at) => this.word(at) === word)) return false;
    this.#at += words.length;
    return true;
  }

  expect(word: string): Token {
    if (this.word() !== word) this.fail(word);
    return this.take();
  }

  /** What stands between parentheses, the first of which is the next token. */
  parenthesized<T>(read: () => T): T {
    const open = this.expect("(");
    const found = this.nested(read);
    if (this.token() === undefined) this.refuse("the ( that opens here is never closed", open.start);
    this.expect(")");
    return found;
  }

  /** One level deeper in the text. */
  nested<T>(read: () => T): T {
    if (++this.#nesting > MAX_NESTING) this.refuse(`it is nested more than ${MAX_NESTING} levels deep`);
    const found = read();
    this.#nesting--;
    return found;
  }

  /** One or more, with commas between. */
  list<T>(read: () => T): T[] {
    const found = [read()];
    while (this.accept(",")) found.push(read());
    return found;
  }

  expression(): Expression {
    return this.grammar.expression(this);
  }

  query(): Query {
    return this.nested(() => this.grammar.query(this));
  }

  /** @param expected What would be right here, for people. */
  fail(expected?: string): never {
    const token = this.token();
    const wanted = expected === undefined ? "" : `; expected ${/^\W+$/.test(expected) ? `"${expected}"` : expected}`;
    if (token === undefined) this.refuse(`it ends too early${wanted}`, this.sql.length);
    this.refuse(`unexpected ${shown(token)}${wanted}`);
  }

  refuse(what: string, position = this.start): never {
    throw new QueryError(`Cannot read the query: ${what}`, this.sql, position);
  }
}

function mark(raw: string): string {
  return raw === "==" ? "=" : raw === "!=" ? "<>" : raw;
}

function shown(token: Token): string {
  const raw = token.raw.length > 40 ? `${token.raw.slice(0, 40)}…` : token.raw;
  return token.kind === "text" || token.kind === "quoted" ? raw : `"${raw}"`;
}
