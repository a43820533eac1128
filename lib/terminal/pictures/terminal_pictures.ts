import type { Colour } from "../../plot/picture/palette.ts";

/** What a terminal says of itself. */
export interface TerminalPictures {
  /** How it shows pictures; undefined: not at all. */
  readonly protocol: "kitty" | "sixel" | undefined;
  /** The width and height of a character in pixels. */
  readonly cell: readonly [width: number, height: number];
  /** Undefined if it did not say. */
  readonly background: Colour | undefined;
}

/** Where a terminal does not say how large its characters are. */
const USUAL_CELL = [10, 20] as const;

/**
 * What to ask a terminal: whether it takes pictures as kitty does, its background, the size of a character, and last its attributes, which
 * every terminal answers.
 */
export const QUESTIONS = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b]11;?\x1b\\\x1b[16t\x1b[c";

/** Whether the last of the answers is there. */
export function isAnswered(answers: string): boolean {
  return /\[\?[\d;]*c/.test(answers);
}

/** Reads the answers, as far as they have come. */
export function parseAnswers(answers: string): TerminalPictures {
  const [, attributes = ""] = /\[\?([\d;]*)c/.exec(answers) ?? [];
  const cell = /\[6;(\d+);(\d+)t/.exec(answers);
  const background = /\]11;rgb:([\da-f]{2,4})\/([\da-f]{2,4})\/([\da-f]{2,4})/i.exec(answers);
  const [height, width] = cell === null ? [0, 0] : [Number(cell[1]), Number(cell[2])];
  const byte = (text: string) => Number.parseInt(text.slice(0, 2), 16);
  return {
    protocol: /_Gi=31;OK/.test(answers) ? "kitty" : attributes.split(";").includes("4") ? "sixel" : undefined,
    cell: isSize(width) && isSize(height) ? [width, height] : USUAL_CELL,
    background: background === null ? undefined : [byte(background[1]), byte(background[2]), byte(background[3])],
  };
}

function isSize(pixels: number): boolean {
  return pixels >= 3 && pixels <= 200;
}

/**
 * A picture over the next rows, with the cursor below it. Room is made before, as terminals that scroll while they show a picture leave the
 * cursor in different places.
 */
export function placed(picture: string, rows: number): string {
  return `${"\n".repeat(rows)}\x1b[${rows}A\x1b7${picture}\x1b8\x1b[${rows}B\r`;
}
