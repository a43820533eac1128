/** A place in a text. */
export interface Finding {
  /** Where the secret begins and ends. */
  readonly start: number;
  readonly end: number;
  /** Where the part begins that identifies it as one, such as its name. At most `start`. */
  readonly from: number;
}

/** One way to know a secret. A newcomer adds an entry to a table in `rules/`; the tests run its two examples. */
export interface Rule {
  /** Stands in the place of what was found: letters, digits and hyphens. */
  readonly name: string;
  /** What it finds, in words. */
  readonly what: string;
  /** From where its shape is known, in words. */
  readonly source: string;
  /** Texts in lower case of which one is in each text that it finds something in, whatever the case there. */
  readonly anchors: readonly string[];
  readonly find: (text: string) => Finding[];
  /** A text in which it finds a secret, and one that looks alike in which it does not. */
  readonly catches: string;
  readonly leaves: string;
}

/**
 * Finds by a global pattern: all of a match, or what its group `secret` matched, in front of which only the group `before` may
 * stand. `accepts`: whether a secret is one. `needs`: a text without which it finds nothing, looked for first.
 */
export function byPattern(
  pattern: RegExp,
  accepts: (secret: string, match: RegExpExecArray) => boolean = () => true,
  needs = "",
): (text: string) => Finding[] {
  return (text) => {
    const found: Finding[] = [];
    if (!text.includes(needs)) return found;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      if (match[0] === "") {
        pattern.lastIndex++;
        continue;
      }
      const secret = match.groups?.secret ?? match[0];
      const start = match.index + (match.groups?.before?.length ?? 0);
      if (secret !== "" && accepts(secret, match)) {
        found.push({ start, end: start + secret.length, from: match.index });
      }
    }
    return found;
  };
}

/** Random-looking letters and digits for the examples of rules: real ones belong to people. */
export function sample(
  length: number,
  alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
): string {
  let seed = 7;
  let text = "";
  while (text.length < length) {
    seed = (seed * 16807) % 2147483647;
    text += alphabet[seed % alphabet.length];
  }
  return text;
}

/** The same in lower-case hexadecimal. */
export function sampleHex(length: number): string {
  return sample(length, "0123456789abcdef");
}
