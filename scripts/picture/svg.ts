import type { Cells } from "./cells.ts";

/** Pixels of a character. */
const WIDTH = 8.4;
const HEIGHT = 18;
const MARGIN = 16;
const BACKGROUND = "#1b1f27";
const FOREGROUND = "#d5d9e0";
const COLOURS = ["#5c6370", "#e57474", "#8ccf7e", "#e5c76b", "#67b0e8", "#c47fd5", "#6cbfbf", "#d5d9e0"];

/** Where the dots of a braille character stand, by the bits of its code. */
const DOTS = [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2], [0, 3], [1, 3]] as const;

/** A picture of a terminal's lines. `title` says what is to be seen. */
export function svgOf(lines: readonly (readonly Cells[])[], title: string): string {
  const columns = Math.max(...lines.flatMap((line) => line.map(({ at, text }) => at + [...text].length)));
  const width = Math.ceil(columns * WIDTH + 2 * MARGIN);
  const height = lines.length * HEIGHT + 2 * MARGIN;
  const body = lines.flatMap((line, row) => line.flatMap((cells) => shapesOf(cells, row)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    `<g fill="${FOREGROUND}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">`,
    ...body,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Braille is drawn dot by dot, since fonts differ in its width; all other words are texts of a fixed length. */
function shapesOf({ at, text, bold, colour }: Cells, row: number): string[] {
  const style = `${colour === undefined ? "" : ` fill="${COLOURS[colour]}"`}${bold ? ' font-weight="bold"' : ""}`;
  const characters = [...text];
  const shapes: string[] = [];
  const dots = characters.flatMap((character, index) => dotsOf(character, at + index, row)).join("");
  if (dots !== "") shapes.push(`<path${colour === undefined ? "" : ` fill="${COLOURS[colour]}"`} d="${dots}"/>`);
  const plain = characters.map((character) => isBraille(character) ? " " : character).join("");
  for (const word of plain.matchAll(/\S+(?: \S+)*/g)) {
    const start = at + [...plain.slice(0, word.index)].length;
    const length = ([...word[0]].length * WIDTH).toFixed(1);
    const place = `x="${(MARGIN + start * WIDTH).toFixed(1)}" y="${MARGIN + row * HEIGHT + 13}"`;
    shapes.push(
      `<text ${place} textLength="${length}" lengthAdjust="spacingAndGlyphs"${style}>${escaped(word[0])}</text>`,
    );
  }
  return shapes;
}

function isBraille(character: string): boolean {
  return character >= "\u2800" && character <= "\u28ff";
}

/** The dots of a braille character as squares of a path. */
function dotsOf(character: string, column: number, row: number): string[] {
  if (!isBraille(character)) return [];
  const bits = character.codePointAt(0)! - 0x2800;
  return DOTS.filter((_, bit) => (bits >> bit & 1) === 1).map(([x, y]) => {
    const left = MARGIN + column * WIDTH + (x + 0.5) * WIDTH / 2 - 1.2;
    const top = MARGIN + row * HEIGHT + (y + 0.5) * HEIGHT / 4 - 1.2;
    return `M${left.toFixed(1)} ${top.toFixed(1)}h2.4v2.4h-2.4z`;
  });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
