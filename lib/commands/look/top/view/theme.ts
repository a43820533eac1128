import { paletteOf, statusColour } from "../../../../terminal/colours.ts";
import { curvePlace } from "../../../../terminal/curve_colours.ts";
import { BOLD, ink, PALETTE, REVERSE, type Style } from "../../../../terminal/screen/style.ts";

/** What things look like. */
export const THEME = {
  title: BOLD,
  frame: ink(PALETTE.grey),
  focused: ink(PALETTE.cyan),
  faint: ink(PALETTE.grey),
  key: ink(PALETTE.cyan) | BOLD,
  error: ink(PALETTE.red),
  warning: ink(PALETTE.yellow),
  head: ink(PALETTE.grey) | BOLD,
  bar: ink(PALETTE.green),
  cursor: REVERSE,
  cursorElsewhere: BOLD,
} as const;

const SIGNS: Readonly<Record<string, string>> = { running: "▶", finished: "✓", failed: "✗", killed: "■", lost: "?" };

/** The sign of a status, in the colour that the status has everywhere. */
export function statusSign(status: string): { readonly text: string; readonly style: Style } {
  const colour = statusColour(status);
  const place = colour && paletteOf(colour);
  return {
    text: Object.hasOwn(SIGNS, status) ? SIGNS[status] : "·",
    style: place === undefined ? THEME.faint : ink(place),
  };
}

/** The colour of a curve, by its place. `many`: whether the terminal has 256 colours. */
export function curveStyle(at: number, many: boolean): Style {
  return ink(curvePlace(at, many));
}
