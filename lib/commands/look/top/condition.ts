import { columnNames } from "../../../query/schema/column_aliases.ts";

/** What may be part of a name, and cannot be a condition by itself. */
const WORD = /^[\p{L}\p{N}_./:-]+$/u;

/**
 * The condition that somebody typed. A single word that is not a column means what has it in its name, kind, id or tags: that is
 * what people type first.
 */
export function conditionOf(text: string): string {
  const word = text.trim();
  if (!WORD.test(word) || columnNames().includes(word.toLowerCase()) || /^(params|meta|git|env)\./.test(word)) {
    return word;
  }
  const part = `'%${word.replaceAll("'", "''").replace(/[%_\\]/g, "\\$&")}%' ESCAPE '\\'`;
  return `name LIKE ${part} OR kind LIKE ${part} OR id LIKE ${part} OR tags LIKE ${part}`;
}
