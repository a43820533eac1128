import { isObject, type Json, type JsonObject } from "../base/json.ts";
import { redactWords } from "./command.ts";
import { knownValues } from "./known_values.ts";
import { LineRedactor } from "./lines.ts";
import { marker } from "./rules/marker.ts";
import { secretName } from "./rules/secret_names.ts";
import { ownPatterns } from "./custom_rules.ts";
import { Scan } from "./scan.ts";
import type { TextRedactor } from "./text_redactor.ts";
import { isSecretValue } from "./rules/secret_values.ts";

/** How many secrets each rule found, by its name. */
export type RedactedCounts = Readonly<Record<string, number>>;

/**
 * Puts `[redacted:<rule>]` in the place of what looks like a secret, in everything that is recorded of a run, and counts. It looks
 * at names and shapes: what has neither (a password in a sentence) it cannot know.
 */
export class Redactor implements TextRedactor {
  readonly #scan: Scan;
  readonly #counts = new Map<string, number>();

  /**
   * `redact`: further patterns. `env`: an environment whose secrets, known by the names of their variables, are redacted wherever
   * they stand.
   *
   * @throws {UsageError} For what is not a regular expression.
   */
  constructor(
    options: {
      readonly redact?: readonly (string | RegExp)[];
      readonly env?: Readonly<Record<string, string>>;
    } | Scan = {},
  ) {
    this.#scan = options instanceof Scan
      ? options
      : new Scan({ known: knownValues(options.env ?? {}), own: ownPatterns(options.redact ?? []) });
  }

  /** A text, such as a line that a program printed. */
  text(text: string): string {
    const secrets = this.#scan.secretsIn(text);
    if (secrets.length === 0) return text;
    let result = "";
    let at = 0;
    for (const { start, end, rule } of secrets) {
      result += text.slice(at, start) + this.mark(rule);
      at = end;
    }
    return result + text.slice(at);
  }

  /** The value of a name. */
  value(name: string, value: string): string {
    const known = secretName(name);
    return known !== undefined && isSecretValue(known, value) ? this.mark("name") : this.text(value);
  }

  /** The words of a command line. */
  words(words: readonly string[]): string[] {
    return redactWords(words, this);
  }

  /** Params, or any other object, by the names of its keys and the shapes of its texts. */
  object(value: JsonObject): JsonObject {
    return this.#json(value, "") as JsonObject;
  }

  /** The address of a git remote: without what stands in front of the host, but for the user of ssh. */
  remote(url: string): string {
    const parts = /^(https?:\/\/)[^/?#]*@(.*)$/is.exec(url);
    if (parts === null) return this.text(url);
    this.mark("url-password");
    return parts[1] + this.text(parts[2]);
  }

  /** One that redacts the same, and counts for itself: for what is only looked at. */
  uncounted(): Redactor {
    return new Redactor(this.#scan);
  }

  /** Lines that come one after the other: keys over several lines are followed. `amid`: others came before them. */
  lines(options: { readonly amid?: boolean } = {}): LineRedactor {
    return new LineRedactor(this, options);
  }

  /** Counts one secret; what stands in its place. */
  mark(rule: string): string {
    this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + 1);
    return marker(rule);
  }

  /**
   * Where a text that goes on can be cut so that no secret is cut too: at `at`, or a little before. Of what stands behind, as much
   * should be there as a secret is long.
   */
  cutBefore(text: string, at: number): number {
    const across = this.#scan.secretsIn(text).find(({ from, end }) => from < at && end > at);
    return across === undefined || across.from === 0 ? at : across.from;
  }

  /** What was redacted so far. */
  get counts(): RedactedCounts {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #json(value: Json, name: string): Json {
    if (typeof value === "string") return this.value(name, value);
    if (typeof value === "number") {
      const known = name === "" ? undefined : secretName(name);
      return known?.digits !== undefined && isSecretValue(known, String(value)) ? this.mark("name") : value;
    }
    if (Array.isArray(value)) return value.map((item) => this.#json(item, name));
    if (!isObject(value)) return value;
    const isGroup = secretName(name)?.level === "certain";
    return Object.fromEntries(
      Object.entries(value).map((
        [key, item],
      ) => [key, this.#json(item as Json, isGroup && secretName(key) === undefined ? name : key)]),
    );
  }
}

/** What was redacted, for a person: `3 secrets (github 1, name 2)`; undefined for nothing. */
export function describeRedacted(counts: RedactedCounts): string | undefined {
  const all = Object.entries(counts);
  const sum = all.reduce((sum, [, count]) => sum + count, 0);
  if (sum === 0) return undefined;
  return `${sum} ${sum === 1 ? "secret" : "secrets"} (${all.map(([rule, count]) => `${rule} ${count}`).join(", ")})`;
}
