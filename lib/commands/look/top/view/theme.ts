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

const STATUS: Readonly<Record<string, { readonly text: string; readonly style: Style }>> = {
  running: { text: "▶", style: ink(PALETTE.cyan) },
  finished: { text: "✓", style: ink(PALETTE.green) },
  failed: { text: "✗", style: ink(PALETTE.red) },
  killed: { text: "■", style: ink(PALETTE.yellow) },
  lost: { text: "?", style: ink(PALETTE.red) },
};

/** The sign of a status. */
export function statusSign(status: string): { readonly text: string; readonly style: Style } {
  return Object.hasOwn(STATUS, status) ? STATUS[status] : { text: "·", style: THEME.faint };
}

/** The colour of a curve, by its place. `many`: whether the terminal has 256 colours. */
export function curveStyle(at: number, many: boolean): Style {
  return ink(curvePlace(at, many));
}
