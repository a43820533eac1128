/** What characters a terminal can show: braille dots, blocks, or ASCII alone. */
export type CharacterSet = "braille" | "blocks" | "ascii";

/** How dots and axes are written in a set of characters. */
export interface Characters {
  /** How many dots a cell has. */
  readonly across: number;
  readonly down: number;
  /** The character for the dots of a cell, a bit each: row by row, from the left. */
  readonly of: (bits: number) => string;
  /** The same of bands. */
  readonly band: (bits: number) => string;
  /** A stretch of a line, for the legend. */
  readonly line: string;
  readonly axis: {
    readonly vertical: string;
    readonly verticalTick: string;
    readonly horizontal: string;
    readonly horizontalTick: string;
    readonly corner: string;
  };
  /** Heights of a sparkline, from the lowest. */
  readonly bars: readonly string[];
  readonly ellipsis: string;
}

/** The bits of Unicode's braille, whose dots are counted down the columns. */
const BRAILLE = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];

/** Quarters of a block: above left, above right, below left, below right. */
const QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█";

/** Three dots above each other. */
const THIRDS = [" ", "'", "-", ":", ".", ":", "|", "|"];

const BOX = { vertical: "│", verticalTick: "┤", horizontal: "─", horizontalTick: "┬", corner: "└" };

export const CHARACTERS: Readonly<Record<CharacterSet, Characters>> = {
  braille: {
    across: 2,
    down: 4,
    of: braille,
    band: braille,
    line: "──",
    axis: BOX,
    bars: [..."▁▂▃▄▅▆▇█"],
    ellipsis: "…",
  },
  blocks: {
    across: 2,
    down: 2,
    of: (bits) => QUARTERS[bits],
    band: () => "░",
    line: "━━",
    axis: BOX,
    bars: [..."▁▂▃▄▅▆▇█"],
    ellipsis: "…",
  },
  ascii: {
    across: 1,
    down: 3,
    of: (bits) => THIRDS[bits],
    band: () => ":",
    line: "--",
    axis: { vertical: "|", verticalTick: "+", horizontal: "-", horizontalTick: "+", corner: "+" },
    bars: [..."_.-=*#"],
    ellipsis: "..",
  },
};

function braille(bits: number): string {
  let code = 0x2800;
  for (let at = 0; at < BRAILLE.length; at++) if ((bits >> at & 1) === 1) code += BRAILLE[at];
  return String.fromCharCode(code);
}
