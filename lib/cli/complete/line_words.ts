/** The words of the beginning of a line of a shell; the last one is still being typed, and may be empty. */
export function lineWords(line: string): string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  let isOpen = false;
  for (let at = 0; at < line.length; at++) {
    const letter = line[at];
    if (letter === "\\" && quote !== "'" && at + 1 < line.length) word += line[++at];
    else if (quote !== "") {
      if (letter === quote) quote = "";
      else word += letter;
    } else if (letter === "'" || letter === '"') {
      quote = letter;
      isOpen = true;
    } else if (/\s/.test(letter)) {
      if (word !== "" || isOpen) words.push(word);
      word = "";
      isOpen = false;
    } else word += letter;
  }
  return [...words, word];
}
