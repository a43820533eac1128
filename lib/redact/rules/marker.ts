/** What stands in the place of a secret: the name of the rule that found it. */
export function marker(rule: string): string {
  return `[redacted:${rule}]`;
}

/** Where such marks stand in a text. */
export function markersIn(text: string): { readonly start: number; readonly end: number }[] {
  if (!text.includes("[redacted:")) return [];
  return [...text.matchAll(/\[redacted:[\w-]+\]/g)].map(({ 0: mark, index }) => ({
    start: index,
    end: index + mark.length,
  }));
}

/** Whether a text is nothing but what stands in the place of a secret. */
export function isMarker(text: string): boolean {
  return /^\[redacted:[\w-]+\]$/.test(text);
}
