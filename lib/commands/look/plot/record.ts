import type { Described } from "./labels.ts";
import type { PlotLine } from "./request.ts";

/** The curves of a plot as data. Numbers that JSON lacks are null. */
export function plotRecord({ options }: PlotLine, found: readonly Described[]): Readonly<Record<string, unknown>> {
  return {
    x: options.x ?? "step",
    curves: found.map(({ curve, parts }) => ({
      ...curve.labels,
      differs: Object.fromEntries(parts.filter(([name]) => !(name in curve.labels))),
      x: [...curve.x],
      ...Object.fromEntries(Object.entries(curve.y).map(([name, values]) => [name, [...values]])),
    })),
  };
}
