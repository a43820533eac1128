/** A shorter text stands in files by chance. */
export const MIN_SECRET_LENGTH = 6;

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
    for (const json of inJson(text)) {
      forms.add(json);
      // JSON in JSON, as a program prints it and a line quotes it.
      for (const nested of inJson(json)) forms.add(nested);
    }
    forms.add(text);
    if (text.isWellFormed()) forms.add(encodeURIComponent(text));
  }
  return [...forms].filter((form) => form.length >= MIN_SECRET_LENGTH);
}

/** A text between the quotes of JSON, as different writers escape it. */
function inJson(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  // Python's json.dumps escapes all but ASCII.
  const ascii = plain.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [plain, ascii, plain.replaceAll("/", "\\/"), ascii.replaceAll("/", "\\/")];
}
