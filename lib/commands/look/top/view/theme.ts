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

const STATUS: Readonly<Record<string, { readonly mark: string; readonly plain: string; readonly style: Style }>> = {
  running: { mark: "▶", plain: ">", style: ink(PALETTE.cyan) },
  finished: { mark: "✓", plain: ".", style: ink(PALETTE.green) },
  failed: { mark: "✗", plain: "x", style: ink(PALETTE.red) },
  killed: { mark: "■", plain: "k", style: ink(PALETTE.yellow) },
  lost: { mark: "?", plain: "?", style: ink(PALETTE.red) },
};

/** The sign of a status. */
export function statusSign(status: string, isPlain: boolean): { readonly text: string; readonly style: Style } {
  const known = Object.hasOwn(STATUS, status) ? STATUS[status] : undefined;
  if (known === undefined) return { text: isPlain ? "-" : "·", style: THEME.faint };
  return { text: isPlain ? known.plain : known.mark, style: known.style };
}

/** The colour of a curve, by its place. `many`: whether the terminal has 256 colours. */
export function curveStyle(at: number, many: boolean): Style {
  return ink(curvePlace(at, many));
}
