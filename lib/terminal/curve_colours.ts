import { HUES, SHADES } from "../plot/palette_index.ts";
import type { CurveColour } from "./colours.ts";

/** The hues of single curves with 256 colours, legible on black and on white, and with 16. */
const HUES_256 = [75, 208, 77, 203, 141, 44, 178, 211, 137, 109];
const HUES_16 = [36, 33, 32, 31, 35, 34, 96, 93, 92, 95];
/** The shades of many curves: neighbours look alike. */
const SHADES_256 = [63, 33, 38, 36, 71, 107, 142, 178, 208, 203];
const SHADES_16 = [34, 36, 32, 33, 31, 35];

/** The colour at a place of the palette of plots. `isFaint`: as what stands behind the curves. */
export function curveColour(index: number, isFaint = false): CurveColour {
  const faint = isFaint ? "2;" : "";
  return {
    of16: `${faint}${pick(index, HUES_16, SHADES_16)}`,
    of256: `${faint}38;5;${pick(index, HUES_256, SHADES_256)}`,
  };
}

/** The same as a place in the palette of 256 colours, of which every terminal has the first 16. */
export function curvePlace(index: number, many = false): number {
  if (many) return pick(index, HUES_256, SHADES_256);
  const code = pick(index, HUES_16, SHADES_16);
  return code < 90 ? code - 30 : code - 82;
}

function pick(index: number, hues: readonly number[], shades: readonly number[]): number {
  return index < HUES ? hues[index] : shades[Math.floor((index - HUES) % SHADES / SHADES * shades.length)];
}
