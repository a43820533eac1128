import { isJoining, isReserved } from "../keywords.ts";
import { quoteName } from "../quote.ts";
import type { Name } from "../tree.ts";

/** Words that are names to the grammar, and yet something else in a place where a name may be printed. */
const AMBIGUOUS = new Set(
  ("CAST CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP FALSE FILTER GROUPS OVER PARTITION RAISE RANGE RECURSIVE ROWS TRUE " +
    "UNBOUNDED WINDOW WITH WITHIN").split(" "),
);

/** A name with the quotes that it had, or with some where it needs them. Never becomes a text, as `"x"` may. */
export function printName({ text, quote }: Name): string {
  if (quote === '"') return quoteName(text);
  if (quote === "[") return `[${text}]`;
  if (quote === "" && /^[a-zA-Z_\x80-\uffff][\w$\x80-\uffff]*$/.test(text) && !isAmbiguous(text.toUpperCase())) {
    return text;
  }
  return `\`${text.replaceAll("`", "``")}\``;
}

function isAmbiguous(word: string): boolean {
  return isReserved(word) || isJoining(word) || AMBIGUOUS.has(word);
}
