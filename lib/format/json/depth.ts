/** How deep values may nest: an event's data, and a definition, is at depth 1. */
export const MAX_DEPTH = 500;

/**
 * Whether JSON nests deeper than {@linkcode MAX_DEPTH}. Takes next to no time for a text with fewer brackets. Of what is not JSON,
 * the answer means nothing.
 */
export function isTooDeep(text: string): boolean {
  if (text.length <= 2 * MAX_DEPTH || !hasMany(text)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < OPEN_LIST) {
      if (code === QUOTE) at = endOfText(text, at);
      continue;
    }
    // Of lists and objects alike.
    const bracket = code | BRACE_BIT;
    if (bracket === OPEN_OBJECT) {
      if (++depth > MAX_DEPTH) return true;
    } else if (bracket === CLOSE_OBJECT) depth--;
  }
  return false;
}

const [QUOTE, BACKSLASH, OPEN_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 123, 125];
/** By which `[` and `{`, and `]` and `}` differ. */
const BRACE_BIT = 32;

/** Whether there are as many opening brackets as it takes. */
function hasMany(text: string): boolean {
  let count = 0;
  for (const bracket of "[{") {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++count > MAX_DEPTH) return true;
    }
  }
  return false;
}

/** Where the text ends that begins with the quote at `start`. */
function endOfText(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return json.length;
}
