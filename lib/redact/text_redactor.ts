/** What redacts one text at a time, and counts. */
export interface TextRedactor {
  /** A text without its secrets. */
  text(text: string): string;
  /** Counts one secret that a rule found; what stands in its place. */
  mark(rule: string): string;
}
