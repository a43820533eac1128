import type { Scale } from "../scale/scale.ts";

/** How much room stays above and below the curves. */
const AIR = 0.03;

/** The axis with some room at both ends. */
export function withAir(scale: Scale): Scale {
  const width = 1 + 2 * AIR;
  return {
    kind: scale.kind,
    low: scale.value(-AIR),
    high: scale.value(1 + AIR),
    place: (value) => (scale.place(value) + AIR) / width,
    value: (place) => scale.value(place * width - AIR),
  };
}
