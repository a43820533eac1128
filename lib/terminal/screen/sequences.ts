// The control sequences of a full screen (ECMA-48, and the private modes of xterm that terminals share).
import { sgrParameters, type Style } from "./style.ts";

/** The alternate screen, without a cursor; the mouse's buttons, drags and wheel in SGR form; pasted text in brackets. */
export const ENTER_SCREEN = "\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[0m\x1b[2J";

/** Undoes {@linkcode ENTER_SCREEN}, in whatever state it finds the terminal. */
export const LEAVE_SCREEN = "\x1b[?2026l\x1b[?2004l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[0m\x1b[?25h\x1b[?1049l";

/** What stands around a frame, so that terminals that know it show the frame at once. */
export const [BEGIN_FRAME, END_FRAME] = ["\x1b[?2026h", "\x1b[?2026l"];

/** Makes the screen empty. */
export const CLEAR = "\x1b[0m\x1b[2J";

/** Moves the cursor; both count from 0. */
export function moveTo(column: number, row: number): string {
  return `\x1b[${row + 1};${column + 1}H`;
}

/** Moves the cursor to the right. */
export function moveRight(columns: number): string {
  return columns === 1 ? "\x1b[C" : `\x1b[${columns}C`;
}

/** Changes the style of what follows. */
export function changeStyle(style: Style, hasColour: boolean): string {
  return `\x1b[${sgrParameters(style, hasColour)}m`;
}

/** Shows the cursor at a place, or nowhere. */
export function placeCursor(at: { readonly column: number; readonly row: number } | undefined): string {
  return at === undefined ? "\x1b[?25l" : `${moveTo(at.column, at.row)}\x1b[?25h`;
}
