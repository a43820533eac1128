/** The beginning of a line of a shell. */
export interface LineWords {
  /** The last one is still being typed, and may be empty. */
  readonly words: string[];
  /** How many letters of the last one stand before what bash completes of it: those up to a quote that is open, else to the last break. */
  readonly kept: number;
}

/** What ends a word for the completion of bash, outside of quotes. */
const BREAKS = ":=";

/** Takes the beginning of a line apart. */
export function lineWords(line: string): LineWords {
  const words: string[] = [];
  let word = "";
  let quote = "";
  let isOpen = false;
  let quotedFrom = 0;
  let brokenAt = 0;
  for (let at = 0; at < line.length; at++) {
    const letter = line[at];
    if (letter === "\\" && quote !== "'" && at + 1 < line.length) word += line[++at];
    else if (quote !== "") {
      if (letter === quote) quote = "";
      else word += letter;
    } else if (letter === "'" || letter === '"') {
      quote = letter;
      isOpen = true;
      quotedFrom = word.length;
    } else if (/\s/.test(letter)) {
      if (word !== "" || isOpen) words.push(word);
      word = "";
      isOpen = false;
      brokenAt = 0;
    } else {
      word += letter;
      if (BREAKS.includes(letter)) brokenAt = word.length;
    }
  }
  return { words: [...words, word], kept: quote === "" ? brokenAt : quotedFrom };
}
