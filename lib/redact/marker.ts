/** What stands in the place of a secret: the name of the rule that found it. */
export function marker(rule: string): string {
  return `[redacted:${rule}]`;
}

/** Whether a text is nothing but what stands in the place of a secret. */
export function isMarker(text: string): boolean {
  return /^\[redacted:[\w-]+\]$/.test(text);
}
