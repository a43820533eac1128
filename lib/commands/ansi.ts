import type { Output } from "./command.ts";

/** The colours of a terminal that dbx uses (SGR codes of ECMA-48). */
export const COLOUR = { bold: 1, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, grey: 90 } as const;
export type Colour = keyof typeof COLOUR;

/** The text in a colour, or as it is where the output takes none. */
export function paint(out: Pick<Output, "colour">, colour: Colour | undefined, text: string): string {
  return out.colour && colour !== undefined && text !== "" ? `\x1b[${COLOUR[colour]}m${text}\x1b[0m` : text;
}

/** The colour of a run's status. */
export function statusColour(status: string): Colour | undefined {
  return STATUS[status];
}

const STATUS: Readonly<Record<string, Colour>> = {
  running: "cyan",
  finished: "green",
  failed: "red",
  killed: "yellow",
  lost: "red",
};
