import { isJoining, isReserved } from "../keywords.ts";
import type { Token } from "../tokens.ts";
import type { Name, NameExpression } from "../tree.ts";
import type { Cursor } from "./cursor.ts";

/** What a token means as a name, if it may be one behind AS, as a table or as a column. */
export function nameOf(token: Token | undefined, word: string): Name | undefined {
  if (token === undefined) return undefined;
  const { start, end, value: text, kind } = token;
  if (kind === "name") return isReserved(word) ? undefined : { start, end, text, quote: "" };
  if (kind === "text") return { start, end, text, quote: "'" };
  return kind === "quoted" ? { start, end, text, quote: token.raw[0] as Name["quote"] } : undefined;
}

export function parseName(cursor: Cursor, what: string): Name {
  const name = nameOf(cursor.token(), cursor.word());
  if (name === undefined) cursor.fail(what);
  cursor.take();
  return name;
}

/** `AS x`, or `x` alone where it cannot be the beginning of what may follow. */
export function parseAlias(cursor: Cursor): Name | undefined {
  if (cursor.accept("AS")) return parseName(cursor, "a name");
  const word = cursor.word();
  if (isJoining(word) || startsWindows(cursor)) return undefined;
  const name = nameOf(cursor.token(), word);
  if (name !== undefined) cursor.take();
  return name;
}

/** `WINDOW` is a keyword only before `w AS`. */
export function startsWindows(cursor: Cursor): boolean {
  return cursor.word() === "WINDOW" && cursor.word(2) === "AS" && nameOf(cursor.token(1), cursor.word(1)) !== undefined;
}

/** `a`, `t.a`, `params.optimizer.lr`, `data.loss.0`: behind a dot, keywords are names too. */
export function parseDotted(cursor: Cursor): NameExpression {
  const parts = [parseName(cursor, "a name")];
  const { start } = parts[0];
  while (true) {
    const token = cursor.token();
    const part = cursor.word() === "." ? cursor.token(1) : undefined;
    if (part?.kind === "name" || part?.kind === "quoted" || part?.kind === "text") {
      parts.push(nameOf(part, "")!);
      cursor.take();
      cursor.take();
    } else if (token?.kind === "number" && /^\.\d+$/.test(token.raw) && token.start === cursor.end) {
      parts.push({ start: token.start + 1, end: token.end, text: token.raw.slice(1), quote: "" });
      cursor.take();
    } else return { kind: "name", parts, start, end: cursor.end };
  }
}
