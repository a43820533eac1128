import { inflateSync } from "node:zlib";
import { type ChartCurve, chartOf, type ChartOptions } from "../../lib/plot/chart.ts";
import { htmlOf } from "../../lib/plot/html/html.ts";
import { pictureOf } from "../../lib/plot/picture/layout.ts";
import { curveColour } from "../../lib/plot/picture/palette.ts";
import { pngOf } from "../../lib/plot/png/png.ts";
import { Raster } from "../../lib/plot/png/raster.ts";
import { svgMeasure, svgOf } from "../../lib/plot/svg/svg.ts";
import { assert, assertEquals } from "../assert.ts";

const none = { permissions: "none" } as const;

const HOSTILE = `</script></title><script>alert(1)</script>"'&\x1b[2J\u202e`;

function svg(curves: readonly ChartCurve[], options: ChartOptions = {}): string {
  return svgOf(pictureOf(chartOf(curves, options), [800, 500], svgMeasure));
}

/** The points of the first curve of an SVG, to a whole pixel. */
function strokesOf(text: string, colour = "#2b6cb5"): number {
  const path = new RegExp(`<path d="([^"]*)" fill="none" stroke="${colour}" stroke-width="1`).exec(text)![1];
  return path.split("M").length - 1;
}

Deno.test("svgOf: texts of others stay texts", none, () => {
  const text = svg([{ label: HOSTILE, x: [0, 1], y: [0, 1] }], { title: HOSTILE, xName: HOSTILE, yName: HOSTILE });
  assert(!text.includes("<script") && !text.includes("\x1b"), text);
  const tags = [...text.matchAll(/<(\w+)/g)].map(([, tag]) => tag);
  assertEquals([...new Set(tags)].sort(), ["circle", "clipPath", "path", "rect", "svg", "text", "title"]);
  assert([...text.matchAll(/&(?!(amp|lt|gt|quot);)/g)].length === 0);
});

Deno.test("svgOf: a gap ends a line; a point alone is a dot; powers of ten are raised", none, () => {
  const x = Array.from({ length: 100 }, (_, at) => at);
  const y = x.map((at) => at === 50 || at === 52 ? NaN : 10 ** (-at / 10));
  const text = svg([{ label: "loss", x, y }], { yKind: "log" });
  assertEquals(strokesOf(text), 2);
  assertEquals(text.split("<circle").length - 1, 1);
  assert(text.includes(">10⁻⁸</text>"), text);
});

Deno.test("svgOf: of very many points those stay that can be seen", none, () => {
  const x = Float64Array.from({ length: 100_000 }, (_, at) => at);
  const y = x.map((at) => at === 77_777 ? 5 : Math.sin(at));
  const text = svg([{ label: "loss", x, y }]);
  assert(text.length < 60_000, `${text.length} characters`);
  // The highest point of all is on the path: 5, 3 hundredths below the upper end.
  const chart = chartOf([{ label: "loss", x, y }]);
  assertEquals(chart.y?.high, 5);
});

Deno.test("htmlOf: nothing in a repository ends the script or is loaded", none, () => {
  const page = htmlOf(chartOf([{ label: HOSTILE, x: [0, 1], y: [NaN, 1] }], { title: HOSTILE }));
  assertEquals([...page.matchAll(/<script/g)].length, 2);
  assertEquals([...page.matchAll(/<\/script/g)].length, 2);
  const [, json] = /id="data">(.*)<\/script>/.exec(page)!;
  const { curves, xs } = JSON.parse(json);
  assertEquals([curves[0].label, curves[0].y, xs], [HOSTILE, [null, 1], [[0, 1]]]);
  assert(page.includes(`content="default-src 'none';`));
});

Deno.test("htmlOf: curves over the same steps have them once, and of very many points some stay", none, () => {
  const x = Float64Array.from({ length: 200_000 }, (_, at) => at);
  const page = htmlOf(chartOf([0, 1].map((seed) => ({ label: `${seed}`, x, y: x }))));
  const data = JSON.parse(/id="data">(.*)<\/script>/.exec(page)![1]);
  assertEquals(data.xs.length, 1);
  assert(data.xs[0].length <= 50_000 && data.xs[0].at(-1) === 199_999);
});

Deno.test("Raster, pngOf: lines and areas have smooth edges, and a PNG holds the pixels", none, () => {
  const raster = new Raster(40, 20);
  raster.fill([[5, 5, 15, 5, 15, 10.5, 5, 10.5]], [200, 0, 0], 1, raster.whole);
  raster.stroke([[20, 10, 35, 10]], 3, [0, 0, 200], raster.whole);
  const at = (x: number, y: number) => [...raster.pixels.subarray((y * 40 + x) * 3, (y * 40 + x) * 3 + 3)];
  assertEquals(at(10, 7), [200, 0, 0]);
  assertEquals(at(4, 7), [255, 255, 255]);
  assertEquals(at(10, 10)[1] > 100 && at(10, 10)[1] < 155, true, `${at(10, 10)}`);
  assertEquals(at(28, 10), [0, 0, 200]);
  assertEquals(at(28, 14), [255, 255, 255]);
  const png = pngOf(raster);
  const view = new DataView(png.buffer);
  assertEquals([view.getUint32(16), view.getUint32(20)], [40, 20]);
  const data = png.subarray(png.length - 12 - idatLength(png), png.length - 16);
  const rows = inflateSync(data);
  assertEquals(rows.length, 20 * 121);
  // Each row is told by its differences to the one above.
  const unfiltered = new Uint8Array(40 * 3 * 20);
  for (let y = 0; y < 20; y++) {
    for (let i = 0; i < 120; i++) {
      unfiltered[y * 120 + i] = rows[y * 121 + 1 + i] + (y === 0 ? 0 : unfiltered[(y - 1) * 120 + i]);
    }
  }
  assertEquals(unfiltered, raster.pixels);
});

/** The length of the only part with pixels, with its checksum. */
function idatLength(png: Uint8Array): number {
  const text = new TextDecoder("latin1").decode(png);
  const start = text.indexOf("IDAT") + 4;
  return png.length - 12 - start;
}

Deno.test("chartOf: few curves have hues of their own, many have shades in their order", none, () => {
  const colours = (count: number) =>
    chartOf(Array.from({ length: count }, () => ({ label: "", x: [0], y: [0] }))).curves.map(({ colour }) => colour);
  assertEquals(colours(3), [0, 1, 2]);
  const many = colours(200);
  assertEquals(many.toSorted((a, b) => a - b), many);
  assertEquals(new Set(many.map((index) => curveColour(index).join())).size, 24);
});
