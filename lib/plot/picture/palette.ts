import { HUES, SHADES } from "../palette_index.ts";

/** Red, green and blue, 0 to 255 each. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Colours of single curves: hues far apart, dark enough for white paper, told apart with the common kinds of colour blindness. */
const CURVES: readonly Colour[] = [
  [0x2b, 0x6c, 0xb5],
  [0xe0, 0x7b, 0x1f],
  [0x36, 0x94, 0x45],
  [0xcf, 0x3f, 0x3a],
  [0x85, 0x5c, 0xb5],
  [0x17, 0x9a, 0xa6],
  [0xbd, 0x96, 0x0b],
  [0xd4, 0x63, 0x95],
  [0x87, 0x5f, 0x3c],
  [0x66, 0x74, 0x80],
];

/** A way from dark blue over green to yellow, at equal steps of lightness. */
const MANY: readonly Colour[] = [
  [0x44, 0x2a, 0x7c],
  [0x35, 0x5e, 0x8d],
  [0x22, 0x88, 0x8a],
  [0x3f, 0xaf, 0x6b],
  [0x9c, 0xc4, 0x2c],
  [0xe8, 0xc5, 0x1b],
];

/** The colours of what stands around curves. */
export interface Theme {
  readonly paper: Colour;
  readonly text: Colour;
  readonly faintText: Colour;
  readonly axis: Colour;
  readonly grid: Colour;
}

/** For print, and for bright screens. */
export const LIGHT: Theme = {
  paper: [0xff, 0xff, 0xff],
  text: [0x22, 0x28, 0x2d],
  faintText: [0x5c, 0x66, 0x6e],
  axis: [0x55, 0x5e, 0x66],
  grid: [0xe4, 0xe8, 0xeb],
};

/** On a dark background. */
export function darkTheme(paper: Colour): Theme {
  const towardsWhite = (part: number): Colour => {
    const [red, green, blue] = paper.map((channel) => Math.round(channel + (255 - channel) * part));
    return [red, green, blue];
  };
  return {
    paper,
    text: towardsWhite(0.88),
    faintText: towardsWhite(0.6),
    axis: towardsWhite(0.5),
    grid: towardsWhite(0.13),
  };
}

/** The colour at a place of the palette: see `paletteIndex`. */
export function curveColour(index: number): Colour {
  if (index < HUES) return CURVES[index];
  const place = (index - HUES) % SHADES / (SHADES - 1) * (MANY.length - 1);
  const from = Math.min(MANY.length - 2, Math.floor(place));
  const mixed = (part: 0 | 1 | 2) =>
    Math.round(MANY[from][part] + (MANY[from + 1][part] - MANY[from][part]) * (place - from));
  return [mixed(0), mixed(1), mixed(2)];
}
