// What others wrote may hold characters that a terminal obeys or that deceive the reader. This is the one place that
// says which, and how they are shown instead.

/**
 * Controls (C0, DEL, C1, which a terminal obeys also as UTF-8), lone surrogates, line and paragraph separators, and all
 * that Unicode calls ignorable: bidi controls, zero-width characters, fillers, tags. A tab only moves on and is
 * harmless.
 */
const HIDDEN = /[[\p{Cc}\p{Cs}\u2028\u2029\ufff9-\ufffb\p{Default_Ignorable_Code_Point}]--\t]/gv;
/** The same in JSON, whose own spaces stay. */
const HIDDEN_IN_JSON = /[[\p{Cc}\p{Cs}\u2028\u2029\ufff9-\ufffb\p{Default_Ignorable_Code_Point}]--[\t\n]]/gv;

/** What needs no care: most texts. */
const PLAIN = /^[\t\x20-\x7e]*$/;

/** The letters of scripts in which joiners belong to the spelling. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}]/u;
/** What a picture may consist of. */
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u;

/** The short names that everybody knows. */
const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r" };

/**
 * A text for one line of a terminal: whatever it holds, it stays in its line, and is read as it stands. What a terminal would
 * obey or not show is written out: `\x1b`, `\n`, `\u202e`.
 */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(
    HIDDEN,
    (character, at: number) => isSpelling(text, character, at) ? character : written(character),
  );
}

/** JSON of the same value without such characters: they can only stand in its strings, and are written as `\u001b` there. */
export function printableJson(json: string): string {
  return json.replace(HIDDEN_IN_JSON, (character) => {
    let all = "";
    for (let at = 0; at < character.length; at++) all += "\\u" + hex(character.charCodeAt(at), 4);
    return all;
  });
}

/** Joiners inside a word or a picture, and variants of the character before, are as much a part of it as an accent. */
function isSpelling(text: string, character: string, at: number): boolean {
  const before = characterBefore(text, at);
  if (character === "\ufe0f" || character === "\ufe0e") return /[\p{Extended_Pictographic}0-9#*]/u.test(before);
  if (character !== "\u200c" && character !== "\u200d") return false;
  const after = String.fromCodePoint(text.codePointAt(at + 1) ?? 0);
  return [JOINING, PICTURE].some((kind) => kind.test(before) && kind.test(after));
}

function characterBefore(text: string, at: number): string {
  const low = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low < 0xe000 ? text.slice(Math.max(0, at - 2), at) : text.slice(Math.max(0, at - 1), at);
}

function written(character: string): string {
  if (Object.hasOwn(NAMED, character)) return NAMED[character];
  const code = character.codePointAt(0)!;
  return code < 0x100 ? `\\x${hex(code, 2)}` : code < 0x10000 ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 5)}}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
