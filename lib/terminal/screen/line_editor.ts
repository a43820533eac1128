import type { Input } from "./input.ts";

const segmenter = new Intl.Segmenter();

/** A line that is typed, with the keys of readline. Its text and the place of the cursor count in characters as they are seen. */
export class LineEditor {
  #characters: string[];
  #cursor: number;

  constructor(text = "") {
    this.#characters = charactersOf(text);
    this.#cursor = this.#characters.length;
  }

  get text(): string {
    return this.#characters.join("");
  }

  /** What stands before the cursor. */
  get before(): string {
    return this.#characters.slice(0, this.#cursor).join("");
  }

  /** What stands behind it. */
  get after(): string {
    return this.#characters.slice(this.#cursor).join("");
  }

  /** Takes what was typed. Returns whether it means something in a line. */
  take(input: Input): boolean {
    if (input.kind === "paste") return this.insert(input.text.replace(/\s+/g, " ")), true;
    if (input.kind !== "key") return false;
    const { key } = input;
    const act = ACTIONS[key];
    if (act !== undefined) {
      [this.#characters, this.#cursor] = act(this.#characters, this.#cursor);
      return true;
    }
    if (charactersOf(key).length !== 1) return false;
    this.insert(key);
    return true;
  }

  /** Puts a text where the cursor is. */
  insert(text: string): void {
    const added = charactersOf(text);
    this.#characters.splice(this.#cursor, 0, ...added);
    this.#cursor += added.length;
  }

  /** Puts a text in the place of the last characters before the cursor. */
  replaceBefore(count: number, text: string): void {
    this.#characters.splice(this.#cursor - count, count);
    this.#cursor -= count;
    this.insert(text);
  }
}

type Line = [characters: string[], cursor: number];

const ACTIONS: Readonly<Record<string, (line: string[], at: number) => Line>> = {
  left: (line, at) => [line, Math.max(0, at - 1)],
  right: (line, at) => [line, Math.min(line.length, at + 1)],
  home: (line) => [line, 0],
  end: (line) => [line, line.length],
  "ctrl-a": (line) => [line, 0],
  "ctrl-e": (line) => [line, line.length],
  "ctrl-b": (line, at) => [line, Math.max(0, at - 1)],
  "ctrl-f": (line, at) => [line, Math.min(line.length, at + 1)],
  "ctrl-left": (line, at) => [line, wordStart(line, at)],
  "alt-b": (line, at) => [line, wordStart(line, at)],
  "ctrl-right": (line, at) => [line, wordEnd(line, at)],
  "alt-f": (line, at) => [line, wordEnd(line, at)],
  backspace: (line, at) => [line.toSpliced(Math.max(0, at - 1), Math.min(1, at)), Math.max(0, at - 1)],
  delete: (line, at) => [line.toSpliced(at, 1), at],
  "ctrl-d": (line, at) => [line.toSpliced(at, 1), at],
  "ctrl-k": (line, at) => [line.slice(0, at), at],
  "ctrl-u": (line, at) => [line.slice(at), 0],
  "ctrl-w": (line, at) => [line.toSpliced(wordStart(line, at), at - wordStart(line, at)), wordStart(line, at)],
  "alt-backspace": (line, at) => [line.toSpliced(wordStart(line, at), at - wordStart(line, at)), wordStart(line, at)],
};

function wordStart(line: readonly string[], at: number): number {
  while (at > 0 && line[at - 1] === " ") at--;
  while (at > 0 && line[at - 1] !== " ") at--;
  return at;
}

function wordEnd(line: readonly string[], at: number): number {
  while (at < line.length && line[at] === " ") at++;
  while (at < line.length && line[at] !== " ") at++;
  return at;
}

function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
