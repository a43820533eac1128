/** How many hues there are for single curves: the first places of a palette. */
export const HUES = 10;

/** How many shades follow them, for more curves than there are hues: neighbours look alike. */
export const SHADES = 24;

/** The place in a palette of a curve among so many. */
export function paletteIndex(index: number, count: number): number {
  return count <= HUES ? index : HUES + Math.round(index / (count - 1) * (SHADES - 1));
}
