/** A pattern with `*` (any text) and `?` (one character) as a test of whole texts. */
export function glob(pattern: string): (text: string) => boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  const expression = new RegExp(`^${escaped}$`, "su");
  return (text) => expression.test(text);
}
