/** A run of characters of one style in a line of a terminal. */
export interface Cells {
  /** The column of the first character. */
  readonly at: number;
  readonly text: string;
  readonly bold: boolean;
  /** The number of a colour of the terminal, 0 to 7; undefined is the default one. */
  readonly colour?: number;
}

/** The lines that a terminal shows of output in which only SGR sequences (colours, bold) move nothing. */
export function cellsOf(output: string): Cells[][] {
  return output.replaceAll("\r", "").trimEnd().split("\n").map(cellsOfLine);
}

function cellsOfLine(line: string): Cells[] {
  const cells: Cells[] = [];
  let style: { bold: boolean; colour?: number } = { bold: false };
  let at = 0;
  // deno-lint-ignore no-control-regex
  for (const [, codes, text] of line.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)) {
    if (text !== undefined) {
      cells.push({ at, text, ...style });
      at += [...text].length;
      continue;
    }
    for (const code of codes.split(";").map(Number)) style = styled(style, code);
  }
  return cells;
}

function styled(style: { bold: boolean; colour?: number }, code: number): { bold: boolean; colour?: number } {
  if (code === 0) return { bold: false };
  if (code === 1 || code === 22) return { ...style, bold: code === 1 };
  if (code >= 30 && code <= 37) return { ...style, colour: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, colour: code - 90 };
  return code === 39 ? { ...style, colour: undefined } : style;
}
