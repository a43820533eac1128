// Letters of Latin, Greek, Cyrillic and Arabic, and mathematical signs; free to be embedded.
import font from "dejavu-fonts-ttf/DejaVuSans.ttf" with { type: "bytes" };
import type { Chart } from "../../../plot/chart.ts";
import { pictureOf } from "../../../plot/picture/layout.ts";
import { darkTheme, LIGHT } from "../../../plot/picture/palette.ts";
import { Painter } from "../../../plot/png/paint.ts";
import { pngOf } from "../../../plot/png/png.ts";
import type { Raster } from "../../../plot/png/raster.ts";
import type { TerminalPictures } from "../../../terminal/pictures/terminal_pictures.ts";

/** A file has so many pixels each way for one of its size: enough for print. */
const FILE_SCALE = 2;

/** A chart as a PNG file of a size. */
export function pngFile(chart: Chart, size: readonly [number, number]): Uint8Array {
  const painter = new Painter(font);
  return pngOf(painter.paint(pictureOf(chart, size, painter.measure), FILE_SCALE), FILE_SCALE);
}

/** The height of a line of a terminal in which letters have their usual size, in pixels. */
const USUAL_LINE = 19;

/** A chart as pixels for so many cells of a terminal. */
export function pixelsFor(
  chart: Chart,
  [columns, rows]: readonly [number, number],
  { cell: [width, height], background }: Pick<TerminalPictures, "cell" | "background">,
): Raster {
  const scale = Math.max(0.5, height / USUAL_LINE);
  const painter = new Painter(font);
  const size = [Math.floor(columns * width / scale), Math.floor(rows * height / scale)] as const;
  const isDark = background !== undefined && background.reduce((sum, part) => sum + part, 0) < 3 * 128;
  return painter.paint(pictureOf(chart, size, painter.measure, isDark ? darkTheme(background) : LIGHT), scale);
}
