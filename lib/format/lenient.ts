/**
 * JSON in which bare `NaN`, `Infinity` and `-Infinity` stand as values, as `json.dumps` of Python writes them, made
 * JSON: each becomes `{"_dbx":"nan"}` and so on. Texts are left alone. Undefined where the line holds no such word.
 */
export function replaceBareNumbers(line: string): string | undefined {
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
