import type { Context } from "../../../cli/command.ts";
import { writeOutputFile } from "../../../cli/output_file.ts";
import { pictureOf } from "../../../plot/picture/layout.ts";
import { svgMeasure, svgOf } from "../../../plot/svg/svg.ts";
import type { Described } from "./labels.ts";
import { chartOf, type PlotLine, sizeOf } from "./request.ts";

/** The width and height of a picture where none is given, in pixels. */
const SIZE = [1200, 700] as const;

/** Writes the pictures that are asked for. */
export async function writeFiles(context: Context, parsed: PlotLine, found: readonly Described[]): Promise<void> {
  const chart = chartOf(parsed, found, false);
  const size = sizeOf(parsed) ?? SIZE;
  const { svg, png, html } = parsed.options;
  if (svg !== undefined) await writeOutputFile(context, svg, svgOf(pictureOf(chart, size, svgMeasure)));
  if (html !== undefined) {
    await writeOutputFile(context, html, (await import("../../../plot/html/html.ts")).htmlOf(chart));
  }
  if (png !== undefined) await writeOutputFile(context, png, await (await import("./pixels.ts")).pngFile(chart, size));
}
