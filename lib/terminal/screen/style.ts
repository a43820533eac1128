/** How a cell looks: a colour for the character, one behind it, and marks, packed into one number. 0 is plain. */
export type Style = number;

/** The 16 colours that every terminal has, by their number in the palette; 16 to 255 are the rest of it. */
export const PALETTE = {
  black: 0,
  red: 1,
  green: 2,
  yellow: 3,
  blue: 4,
  magenta: 5,
  cyan: 6,
  white: 7,
  grey: 8,
} as const;

const BACK_SHIFT = 9;
const MARK_SHIFT = 18;
const COLOUR_MASK = 0x1ff;

/** Marks besides colours, by their bits and their SGR codes. */
const MARKS = [[1, 1], [2, 2], [4, 4], [8, 7]] as const;

export const PLAIN: Style = 0;
export const BOLD: Style = 1 << MARK_SHIFT;
export const DIM: Style = 2 << MARK_SHIFT;
export const UNDERLINE: Style = 4 << MARK_SHIFT;
export const REVERSE: Style = 8 << MARK_SHIFT;

/** A colour for the characters, of the palette. */
export function ink(colour: number): Style {
  return colour + 1;
}

/** A colour behind the characters, of the palette. */
export function paper(colour: number): Style {
  return (colour + 1) << BACK_SHIFT;
}

/** The SGR parameters of a style. `hasColour`: whether colours are shown; marks always are. */
export function sgrParameters(style: Style, hasColour: boolean): string {
  const codes: (number | string)[] = [0];
  for (const [bit, code] of MARKS) if (style >> MARK_SHIFT & bit) codes.push(code);
  if (hasColour) {
    const front = (style & COLOUR_MASK) - 1;
    const back = (style >> BACK_SHIFT & COLOUR_MASK) - 1;
    if (front >= 0) codes.push(front < 8 ? 30 + front : front < 16 ? 82 + front : `38;5;${front}`);
    if (back >= 0) codes.push(back < 8 ? 40 + back : back < 16 ? 92 + back : `48;5;${back}`);
  }
  return codes.join(";");
}
