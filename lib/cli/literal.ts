import type { Json } from "../base/json.ts";

/** Lists and objects nested deeper than this stay text. */
const MAX_DEPTH = 32;

/**
 * The value of a list, tuple or dict as people write them on a command line: JSON, Python's literals (`['a', (1, 2)]`)
 * and hydra's (`[a,b]`, `{lr: 0.1}`). Undefined if the text is not wholly one. `word`: the value of what is not quoted.
 */
export function parseLiteral(text: string, word: (text: string) => Json): Json | undefined {
  const reader = new LiteralReader(text, word);
  try {
    const value = reader.collection(0);
    return reader.isAtEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof NotALiteral) return undefined;
    throw error;
  }
}

class NotALiteral extends Error {}

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "(": ")", "{": "}" };

class LiteralReader {
  #at = 0;

  constructor(readonly text: string, readonly word: (text: string) => Json) {}

  isAtEnd(): boolean {
    this.#space();
    return this.#at === this.text.length;
  }

  collection(depth: number): Json {
    const close = CLOSING[this.text[this.#at++] ?? ""];
    if (close === undefined || depth > MAX_DEPTH) throw new NotALiteral();
    return close === "}" ? this.#entries(depth) : this.#items(close, depth);
  }

  #items(close: string, depth: number): Json[] {
    const items: Json[] = [];
    while (!this.#closes(close)) {
      items.push(this.#value(depth + 1));
      this.#separator(close);
    }
    return items;
  }

  #entries(depth: number): Json {
    const entries: [string, Json][] = [];
    while (!this.#closes("}")) {
      const key = this.#quoted() ?? this.#bare(/[^,:{}[\]()"']+/y);
      this.#space();
      if (this.text[this.#at++] !== ":" || key === "__proto__") throw new NotALiteral();
      entries.push([key, this.#value(depth + 1)]);
      this.#separator("}");
    }
    return Object.fromEntries(entries);
  }

  #value(depth: number): Json {
    this.#space();
    if (CLOSING[this.text[this.#at]] !== undefined) return this.collection(depth);
    return this.#quoted() ?? this.word(this.#bare(/[^,{}[\]()"']+/y));
  }

  #quoted(): string | undefined {
    this.#space();
    const quote = this.text[this.#at];
    if (quote !== '"' && quote !== "'") return undefined;
    let value = "";
    for (this.#at++; this.text[this.#at] !== quote; this.#at++) {
      if (this.#at >= this.text.length) throw new NotALiteral();
      if (this.text[this.#at] === "\\") value += this.#escape();
      else value += this.text[this.#at];
    }
    this.#at++;
    return value;
  }

  #escape(): string {
    const letter = this.text[++this.#at];
    if (letter === undefined) throw new NotALiteral();
    const code = letter === "u" ? /^[0-9a-fA-F]{4}/.exec(this.text.slice(this.#at + 1))?.[0] : undefined;
    if (code !== undefined) {
      this.#at += 4;
      return String.fromCharCode(parseInt(code, 16));
    }
    return ({ n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" } as Record<string, string>)[letter] ?? letter;
  }

  #bare(pattern: RegExp): string {
    this.#space();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0].trim();
    if (!found) throw new NotALiteral();
    this.#at = pattern.lastIndex;
    return found;
  }

  #closes(close: string): boolean {
    this.#space();
    if (this.text[this.#at] !== close) return false;
    this.#at++;
    return true;
  }

  /** After a value: a comma, or the end, which is left. */
  #separator(close: string): void {
    this.#space();
    if (this.text[this.#at] === ",") this.#at++;
    else if (this.text[this.#at] !== close) throw new NotALiteral();
  }

  #space(): void {
    while (/\s/.test(this.text[this.#at] ?? "")) this.#at++;
  }
}
