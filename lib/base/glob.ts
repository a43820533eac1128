/**
 * A pattern with `*` (any text) and `?` (one character) as a test of whole texts. It takes at most as many steps as the
 * product of both lengths, whatever the pattern: it may come from a stranger.
 */
export function glob(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const wanted = [...pattern.replace(/\*+/g, "*")];
  return (text) => matches(wanted, text);
}

function matches(pattern: readonly string[], text: string): boolean {
  const characters = [...text];
  let p = 0;
  // The last star that was met, and where what follows it is looked for: further on, where it does not fit.
  let star = -1;
  let from = 0;
  for (let at = 0; at < characters.length;) {
    if (pattern[p] === "*") {
      star = p++;
      from = at;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === characters[at])) {
      p++;
      at++;
    } else if (star >= 0) {
      p = star + 1;
      at = ++from;
    } else return false;
  }
  return p === pattern.length || (p === pattern.length - 1 && pattern[p] === "*");
}
