import { messageOf, UsageError } from "../base/errors.ts";

/**
 * What a person wants redacted besides: regular expressions, of which all that they match goes, or only their group `secret`.
 *
 * @throws {UsageError} For what is not one, or matches the empty text.
 */
export function ownPatterns(given: readonly (string | RegExp)[]): RegExp[] {
  return given.map((pattern) => {
    let made: RegExp;
    try {
      const flags = pattern instanceof RegExp ? pattern.flags.replace(/[gyd]/g, "") : "";
      made = new RegExp(pattern instanceof RegExp ? pattern.source : pattern, `${flags}gd`);
    } catch (error) {
      throw new UsageError(`Cannot use --redact "${pattern}": ${messageOf(error)}`);
    }
    if (made.test("")) throw new UsageError(`Cannot use --redact "${pattern}": it matches the empty string`);
    return made;
  });
}

/** The places that own patterns match. */
export function* ownFindings(patterns: readonly RegExp[], text: string): Generator<{ start: number; end: number }> {
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.secret ?? match.indices![0]!;
      if (end > start) yield { start, end };
    }
  }
}
