/** The colours of a terminal that dbx uses (SGR codes of ECMA-48). */
const COLOUR = { bold: 1, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, grey: 90 } as const;
export type Colour = keyof typeof COLOUR;

/** The colours of curves: of a terminal with 256 colours, which are legible on black and on white, and of one with 16. */
const OF_CURVES = [
  [75, 36],
  [208, 33],
  [77, 32],
  [203, 31],
  [141, 35],
  [44, 34],
  [178, 96],
  [211, 93],
  [137, 92],
  [109, 95],
] as const;

/** A text in a colour, where the output takes colours. It is made into bytes by the output alone. */
export class Painted {
  /** `colour`: a number is that of a curve. `isFaint`: as what stands behind something. */
  constructor(readonly text: string, readonly colour: Colour | number, readonly isFaint = false) {}
}

/** The SGR code of a colour. `many`: whether the terminal has 256 colours. */
export function colourCode({ colour, isFaint }: Pick<Painted, "colour" | "isFaint">, many = false): string {
  if (typeof colour !== "number") return String(COLOUR[colour]);
  const [of256, of16] = OF_CURVES[colour % OF_CURVES.length];
  return (isFaint ? "2;" : "") + (many ? `38;5;${of256}` : of16);
}

/** A part of a line. */
export type Piece = string | Painted;

/** The text in a colour; without one, as it is. */
export function styled(colour: Colour | undefined, text: string): Piece {
  return colour === undefined || text === "" ? text : new Painted(text, colour);
}

/** The text of pieces, without colours. */
export function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => typeof piece === "string" ? piece : piece.text).join("");
}

/** The colour of a run's status. */
export function statusColour(status: string): Colour | undefined {
  return Object.hasOwn(STATUS, status) ? STATUS[status] : undefined;
}

const STATUS: Readonly<Record<string, Colour>> = {
  running: "cyan",
  finished: "green",
  failed: "red",
  killed: "yellow",
  lost: "red",
};
