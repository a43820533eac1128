/** The colours of a terminal that dbx uses (SGR codes of ECMA-48). */
const COLOUR = { bold: 1, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, grey: 90 } as const;
export type Colour = keyof typeof COLOUR;

/** The colour of a curve, as SGR codes for terminals with 16 colours and with 256. */
export interface CurveColour {
  readonly of16: string;
  readonly of256: string;
}

/** A text in a colour, where the output takes colours. It is made into bytes by the output alone. */
export class Painted {
  constructor(readonly text: string, readonly colour: Colour | CurveColour) {}

  /** Its SGR code. `many`: whether the terminal has 256 colours. */
  code(many = false): string {
    if (typeof this.colour === "string") return String(COLOUR[this.colour]);
    return many ? this.colour.of256 : this.colour.of16;
  }
}

/** The place of a colour among the first 16 of the palette; undefined for a mark that is not a colour. */
export function paletteOf(colour: Colour): number | undefined {
  const code = COLOUR[colour];
  return code < 30 ? undefined : code < 90 ? code - 30 : code - 82;
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
