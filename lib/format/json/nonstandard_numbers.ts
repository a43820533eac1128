import { setOwn } from "../../base/json.ts";
import { encodeSpecialNumber } from "./special_values.ts";

/**
 * JSON in which bare `NaN`, `Infinity` and `-Infinity` stand as values, as `json.dumps` of Python writes them, made
 * JSON: each becomes `{"_dbx":"nan"}` and so on. Texts are left alone. Undefined if the line holds no such word.
 */
export function quoteNonstandardNumbers(line: string): string | undefined {
  if (!/NaN|Infinity/.test(line)) return undefined;
  let out = "";
  let found = false;
  let at = 0;
  while (at < line.length) {
    const quote = line.indexOf('"', at);
    const end = quote < 0 ? line.length : quote;
    const plain = line.slice(at, end);
    const replaced = plain.replace(/(?<![\w.+-])(?:NaN|-?Infinity)(?![\w.])/g, (word) => `{"_dbx":"${WORDS[word]}"}`);
    if (replaced !== plain) found = true;
    out += replaced;
    if (quote < 0) break;
    at = endOfText(line, quote);
    out += line.slice(quote, at);
  }
  return found ? out : undefined;
}

/** What a text must hold to hold a number that is beyond the range of a double. */
const MAY_OVERFLOW = /[eE]\+?\d{3}|(?<!\d)\d{200}/;

/**
 * The value of JSON. A number beyond the range of a double, such as `1e999`, is infinity, as `{"_dbx":"inf"}` says it:
 * so it is the same wherever it is read, and when it is rewritten.
 *
 * @throws {SyntaxError} For what is not JSON.
 */
export function parseJson(text: string): unknown {
  const json: unknown = JSON.parse(text);
  return MAY_OVERFLOW.test(text) ? withoutInfinities(json) : json;
}

/** Whether some number in JSON is beyond the range of a double. */
export function overflows(text: string): boolean {
  return MAY_OVERFLOW.test(text) && JSON.stringify(JSON.parse(text)) !== JSON.stringify(parseJson(text));
}

/** However deep the value is. What holds no infinity stays as it is, in place. */
function withoutInfinities(json: unknown): unknown {
  if (isInfinite(json)) return encodeSpecialNumber(json);
  if (typeof json !== "object" || json === null) return json;
  const left: object[] = [json];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    for (const key of Object.keys(value)) {
      const item: unknown = (value as Record<string, unknown>)[key];
      if (isInfinite(item)) setOwn(value as Record<string, unknown>, key, encodeSpecialNumber(item));
      else if (typeof item === "object" && item !== null) left.push(item);
    }
  }
  return json;
}

function isInfinite(value: unknown): value is number {
  return value === Infinity || value === -Infinity;
}

const WORDS: Readonly<Record<string, string>> = { "NaN": "nan", "Infinity": "inf", "-Infinity": "-inf" };

/** The offset behind the text that begins with the quote at `start`. */
function endOfText(line: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote < 0) return line.length;
    let slashes = 0;
    while (line.charCodeAt(quote - 1 - slashes) === 92) slashes++;
    at = quote + 1;
    if (slashes % 2 === 0) return at;
  }
}
