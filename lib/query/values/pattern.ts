/** Whether a text matches. */
export type Matcher = (text: string) => boolean;

/** What one place of a pattern stands for: a character, `_` or `?`, `%` or `*`, or a set. */
type Piece =
  | { readonly kind: "one" }
  | { readonly kind: "any" }
  | { readonly kind: "character"; readonly code: number }
  | { readonly kind: "set"; readonly not: boolean; readonly ranges: readonly (readonly [from: number, to: number])[] }
  | { readonly kind: "never" };

/** SQLite reads texts of LIKE and GLOB up to U+0000. */
function cut(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** `LIKE`: `%` and `_`; letters of ASCII match in either case. */
export function likeMatcher(pattern: string, escape: number | undefined): Matcher {
  const pieces: Piece[] = [];
  let escaped = false;
  for (const character of cut(pattern)) {
    const code = character.codePointAt(0)!;
    if (escaped) {
      pieces.push({ kind: "character", code: lower(code) });
      escaped = false;
    } else if (code === escape) escaped = true;
    else if (character === "%") pieces.push({ kind: "any" });
    else if (character === "_") pieces.push({ kind: "one" });
    else pieces.push({ kind: "character", code: lower(code) });
  }
  if (escaped) pieces.push({ kind: "never" });
  return matcher(pieces, lower);
}

/** `GLOB`: `*`, `?` and sets such as `[a-z]` and `[^0-9]`. */
export function globMatcher(pattern: string): Matcher {
  const pieces: Piece[] = [];
  const characters = [...cut(pattern)];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at];
    if (character === "*") pieces.push({ kind: "any" });
    else if (character === "?") pieces.push({ kind: "one" });
    else if (character === "[") {
      const set = readSet(characters, at + 1);
      pieces.push(set.piece);
      at = set.end;
    } else pieces.push({ kind: "character", code: character.codePointAt(0)! });
  }
  return matcher(pieces, (code) => code);
}

/** A set behind its `[`. `]` is a member where it comes first; a set without an end matches nothing. */
function readSet(characters: readonly string[], start: number): { piece: Piece; end: number } {
  let at = start;
  const not = characters[at] === "^";
  if (not) at++;
  const ranges: [number, number][] = [];
  let before = 0;
  if (characters[at] === "]") {
    ranges.push([93, 93]);
    at++;
  }
  for (; at < characters.length && characters[at] !== "]"; at++) {
    const code = characters[at].codePointAt(0)!;
    const isRange = code === 45 && before > 0 && at + 1 < characters.length && characters[at + 1] !== "]";
    if (isRange) {
      at++;
      ranges.push([before, characters[at].codePointAt(0)!]);
      before = 0;
    } else {
      ranges.push([code, code]);
      before = code;
    }
  }
  if (at >= characters.length) return { piece: { kind: "never" }, end: at };
  return { piece: { kind: "set", not, ranges }, end: at };
}

function lower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** Goes through text and pattern together, back to the last `any` where they part. */
function matcher(pieces: readonly Piece[], fold: (code: number) => number): Matcher {
  const plain = containment(pieces);
  return (whole) => {
    const text = cut(whole);
    if (plain !== undefined && !text.includes(plain)) return false;
    let at = 0;
    let piece = 0;
    let resumeAt = -1;
    let resumePiece = -1;
    while (at < text.length) {
      const current = pieces[piece];
      if (current?.kind === "any") {
        resumePiece = ++piece;
        resumeAt = at;
        if (piece === pieces.length) return true;
        continue;
      }
      const code = text.codePointAt(at)!;
      if (current !== undefined && matches(current, fold(code))) {
        piece++;
        at += code > 0xffff ? 2 : 1;
      } else if (resumePiece < 0) return false;
      else {
        resumeAt += text.codePointAt(resumeAt)! > 0xffff ? 2 : 1;
        at = resumeAt;
        piece = resumePiece;
      }
    }
    while (pieces[piece]?.kind === "any") piece++;
    return piece === pieces.length;
  };
}

function matches(piece: Piece, code: number): boolean {
  switch (piece.kind) {
    case "character":
      return piece.code === code;
    case "one":
      return true;
    case "set":
      return piece.ranges.some(([from, to]) => code >= from && code <= to) !== piece.not;
  }
  return false;
}

/** The longest row of characters without letters, which the text must have somewhere: quickly looked for. */
function containment(pieces: readonly Piece[]): string | undefined {
  let longest = "";
  let current = "";
  for (const piece of pieces) {
    const isPlain = piece.kind === "character" && !isLetter(piece.code);
    current = isPlain ? current + String.fromCodePoint(piece.code) : "";
    if (current.length > longest.length) longest = current;
  }
  return longest.length > 1 ? longest : undefined;
}

function isLetter(code: number): boolean {
  return lower(code) >= 97 && lower(code) <= 122;
}
