/** Whether what `--baseline` names is a file, not a tag or an id. */
export function isBaselineFile(word: string): boolean {
  return word.includes("/") || word.endsWith(".json");
}
