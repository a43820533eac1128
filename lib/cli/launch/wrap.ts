/** Words as lines of a width. A longer word has a line of its own. */
export function wrap(text: string, columns: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((word) => word !== "")) {
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].join("\n");
}

/** Paragraphs, which empty lines part, each wrapped. */
export function wrapParagraphs(text: string, columns: number): string {
  return text.trim().split(/\n{2,}/).map((paragraph) => wrap(paragraph, columns)).join("\n\n");
}
