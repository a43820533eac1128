// Letters of Latin, Greek, Cyrillic and Arabic, and mathematical signs; free to be embedded.
import font from "dejavu-fonts-ttf/DejaVuSans.ttf" with { type: "bytes" };
import type { Chart } from "../../../plot/chart.ts";
import { pictureOf } from "../../../plot/picture/layout.ts";
import { Painter } from "../../../plot/png/paint.ts";
import { pngOf } from "../../../plot/png/png.ts";

/** A file has so many pixels each way for one of its size: enough for print. */
const FILE_SCALE = 2;

/** A chart as a PNG file of a size. */
export function pngFile(chart: Chart, size: readonly [number, number]): Uint8Array {
  const painter = new Painter(font);
  return pngOf(painter.paint(pictureOf(chart, size, painter.measure), FILE_SCALE), FILE_SCALE);
}
