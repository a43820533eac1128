import { Buffer } from "node:buffer";
import { HeldLines } from "../../base/lines/held_lines.ts";
import { isObject, type Json, type JsonObject } from "../../base/json.ts";
import { ownFindings } from "../../redact/custom_rules.ts";
import { Redactor } from "../../redact/redactor.ts";

/** Looks for secrets in one file after the other. */
export interface SecretMatcher {
  /** Whether a name of a file or folder says one. */
  inName(name: string): boolean;
  /** Begins with a file. `isText`: it is one of the format, of lines or of one JSON value. */
  begin(isText: boolean): FileMatcher;
  /** Bytes of a file that is not of the format, of which more are not looked into. */
  readonly mostOfObject: number;
}

/** One file, whose bytes come piece by piece. It reports what it found, each time something is: the name of a rule. */
export interface FileMatcher {
  push(bytes: Uint8Array): readonly string[];
  end(): readonly string[];
}

/** Finds texts wherever they stand. */
export class TextMatcher implements SecretMatcher {
  readonly mostOfObject = Infinity;
  readonly #forms: readonly string[];
  readonly #needles: readonly Buffer[];

  constructor(forms: readonly string[]) {
    this.#forms = forms;
    this.#needles = forms.map((form) => Buffer.from(form));
  }

  inName(name: string): boolean {
    return this.#forms.some((form) => name.includes(form));
  }

  begin(): FileMatcher {
    const overlap = Math.max(...this.#needles.map(({ length }) => length)) - 1;
    let rest: Buffer = Buffer.alloc(0);
    return {
      push: (bytes) => {
        const all = Buffer.concat([rest, bytes]);
        rest = Buffer.from(all.subarray(Math.max(0, all.length - overlap)));
        return this.#needles.some((needle) => all.includes(needle)) ? ["text"] : [];
      },
      end: () => [],
    };
  }
}

/** What looks at the lines of a text, and at the values in those that are JSON. */
interface LineTest {
  line(text: string): readonly string[];
  value(json: Json): readonly string[];
}

/** Finds what the rules of redaction, or a person's own patterns, find in texts. A file with zero bytes is not text. */
export class LineMatcher implements SecretMatcher {
  readonly mostOfObject = 64 * 1024 * 1024;

  /** `patterns`: undefined: the rules of redaction. */
  constructor(readonly patterns?: readonly RegExp[]) {}

  inName(): boolean {
    return false;
  }

  begin(isText: boolean): FileMatcher {
    const test = this.patterns === undefined ? byRules() : byPatterns(this.patterns);
    const held = new HeldLines();
    let isBinary = false;
    let isFirst = true;
    return {
      push(bytes) {
        isBinary ||= isFirst && !isText && bytes.subarray(0, 8192).includes(0);
        isFirst = false;
        if (isBinary) return [];
        const lines = held.push(bytes);
        // A definition is one value of many lines, which is looked at as a whole in the end.
        return lines.length === 0 ? [] : found(textOf(lines).split("\n"), test);
      },
      end() {
        const text = textOf(held.take());
        return isBinary || text === "" ? [] : found([text], test);
      },
    };
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

function found(lines: readonly string[], test: LineTest): readonly string[] {
  const rules = new Set<string>();
  for (const line of lines) {
    for (const rule of test.line(line)) rules.add(rule);
    if (!line.includes("{")) continue;
    for (const rule of test.value(parsed(line))) rules.add(rule);
  }
  return [...rules];
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function byRules(): LineTest {
  const lines = new Redactor().lines();
  const printed = new Redactor().lines();
  const counted = (redactor: Redactor, work: (redactor: Redactor) => void): string[] => {
    const own = redactor.uncounted();
    work(own);
    return Object.keys(own.counts);
  };
  const base = new Redactor();
  return {
    line(text) {
      if (lines.push(text) === text) return [];
      const rules = counted(base, (own) => own.text(text));
      return rules.length > 0 ? rules : ["private-key"];
    },
    value(json) {
      if (!isObject(json)) return [];
      const value = json as JsonObject;
      const rules = counted(base, (own) => {
        own.object(value);
        if (isWords(value.cmd)) own.words(value.cmd);
      });
      // Keys over several lines that a program printed.
      if (typeof value.text === "string" && printed.push(value.text) !== value.text) rules.push("printed");
      return rules;
    },
  };
}

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((word) => typeof word === "string");
}

function byPatterns(patterns: readonly RegExp[]): LineTest {
  const line = (text: string) => (ownFindings(patterns, text).next().done ? [] : ["custom"]);
  const value = (json: Json): readonly string[] => {
    if (typeof json === "string") return line(json);
    if (typeof json !== "object" || json === null) return [];
    return Object.values(json).some((item) => value(item as Json).length > 0) ? ["custom"] : [];
  };
  return { line, value };
}
