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

/**
 * A command line as lines of a width that can still be pasted into a shell: it breaks at spaces only, and outside quotes a
 * backslash stands before the break; a comment goes on as one. In quotes the line feed is a space of the SQL there.
 */
export function wrapExample(example: string, columns: number): string {
  const lines: string[] = [];
  let line = " ";
  let inComment = false;
  for (const word of example.split(" ")) {
    const isQuoted = !inComment && endsInQuotes([...lines, line].join("\n"));
    const beginsComment = !inComment && !isQuoted && word.startsWith("#");
    // A backslash needs room too.
    if (line.trim() !== "" && line.length + 1 + word.length + 2 > columns) {
      if (isQuoted) lines.push(line);
      else lines.push(line.trimEnd() + (inComment || beginsComment ? "" : " \\"));
      line = inComment ? "    #" : "   ";
    }
    if (beginsComment) inComment = true;
    line += ` ${word}`;
  }
  return [...lines, line].join("\n");
}

/** Whether a quote of a shell is open at the end of a text. */
function endsInQuotes(text: string): boolean {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === "\\" && quote !== "'") at++;
    else if (quote !== "") quote = letter === quote ? "" : quote;
    else if (letter === "'" || letter === '"') quote = letter;
  }
  return quote !== "";
}
