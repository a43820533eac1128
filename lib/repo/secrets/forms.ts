/** A shorter text stands in files by chance. */
export const SHORTEST_SECRET = 6;

/** A line of a secret of several lines that is as long is looked for by itself. */
const OWN_LINE = 20;

/**
 * How a text may stand in files: as it is, in JSON with each way of escaping, in a URL, and line by line where it has several: what a
 * program prints comes so.
 */
export function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const own = lines.length < 2 ? [] : lines.filter((line) => line.length >= OWN_LINE && !line.startsWith("-----"));
  const forms = new Set<string>();
  for (const text of [secret, ...own]) {
    const json = JSON.stringify(text).slice(1, -1);
    forms.add(text).add(json).add(json.replaceAll("/", "\\/"));
    // Python's json.dumps escapes all but ASCII.
    forms.add(json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`));
    // JSON in JSON, as a program prints it and a line quotes it.
    forms.add(JSON.stringify(json).slice(1, -1));
    if (text.isWellFormed()) forms.add(encodeURIComponent(text));
  }
  return [...forms].filter((form) => form.length >= SHORTEST_SECRET);
}
