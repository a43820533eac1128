import { saidOf } from "../cells/legend.ts";
import type { Chart, DrawnCurve } from "../chart.ts";
import type { Scale } from "../scale/scale.ts";
import { ticksOf } from "../scale/ticks.ts";
import { spread } from "../spread.ts";
import { withAir } from "./air.ts";
import { bandOutlines, outlineOf } from "./outline.ts";
import { type Colour, curveColour, LIGHT, type Theme } from "./palette.ts";
import type { Box, Measure, Picture, Shape, Text } from "./picture.ts";

/** Sizes of letters, and of what stands around the curves, in pixels of a picture of usual size. */
const SIZE = 14;
const TITLE_SIZE = 17;
const MARGIN = 18;
const TICK = 5;
const LEGEND_LINE = 20;
const SAMPLE = 22;

/** A curve of at most so many points shows them. */
const MAX_DOTS = 40;

/** Draws a chart as a picture of a size. */
export function pictureOf(
  chart: Chart,
  [width, height]: readonly [number, number],
  measure: Measure,
  theme: Theme = LIGHT,
): Picture {
  const { x, y, title, yName, xName } = chart;
  const name = title ?? yName ?? "curves";
  if (x === undefined || y === undefined) {
    const shape = text("no points to draw", width / 2, height / 2, theme.text, { anchor: "middle" });
    return { width, height, title: name, paper: theme.paper, shapes: [shape] };
  }
  const padded = withAir(y);
  const yTicks = ticksOf(padded, Math.max(2, Math.round(height / 80)));
  const yTexts = yTicks.map((tick) => typeset(tick.text));
  const legend = legendOf(chart.curves, [width, height], measure, theme);
  const tickWidth = Math.max(...yTexts.map((it) => measure(it, SIZE)), 10);
  const top = MARGIN + (title === undefined ? 0 : TITLE_SIZE + 12);
  const left = MARGIN + (yName === undefined ? 0 : SIZE + 10) + tickWidth + TICK + 4;
  const bottom = height - MARGIN - SIZE - 8 - (xName === undefined ? 0 : SIZE + 8);
  const box: Box = {
    left: Math.round(left) + 0.5,
    top: Math.round(top) + 0.5,
    width: Math.max(40, Math.round(width - MARGIN - (legend.width === 0 ? 0 : legend.width + 16) - left)),
    height: Math.max(40, Math.round(bottom - top)),
  };
  const shapes = [
    ...axes(chart, x, padded, box, measure, theme),
    ...yTicks.map(({ value }, at) =>
      text(yTexts[at], box.left - TICK - 4, yIn(box, padded, value) + SIZE * 0.35, theme.faintText, { anchor: "end" })
    ),
    ...curveShapes(chart.curves, box, x, padded),
    ...names(chart, box, height, theme),
    ...legend.shapes(box.left + box.width + 16, box.top),
  ];
  return { width, height, title: name, paper: theme.paper, shapes };
}

function xIn(box: Box, scale: Scale, value: number): number {
  return box.left + scale.place(value) * box.width;
}

function yIn(box: Box, scale: Scale, value: number): number {
  return box.top + (1 - scale.place(value)) * box.height;
}

/** Lines of the grid, the axes with their ticks, and the numbers along x. */
function axes(chart: Chart, x: Scale, y: Scale, box: Box, measure: Measure, theme: Theme): Shape[] {
  const { left, top, width, height } = box;
  const bottom = top + height;
  const shapes: Shape[] = [];
  const line = (points: readonly number[], colour = theme.axis) =>
    shapes.push({ kind: "stroke", strokes: [points.map((at) => Math.round(at - 0.5) + 0.5)], colour, width: 1 });
  const xTicks = fittingTicks(chart, x, box, measure);
  for (const { value } of ticksOf(y, Math.max(2, Math.round(height / 80)))) {
    const at = yIn(box, y, value);
    line([left, at, left + width, at], theme.grid);
    line([left - TICK, at, left, at]);
  }
  for (const { value, text: said } of xTicks) {
    const at = xIn(box, x, value);
    line([at, top, at, bottom], theme.grid);
    line([at, bottom, at, bottom + TICK]);
    shapes.push(text(typeset(said), at, bottom + TICK + SIZE + 2, theme.faintText, { anchor: "middle" }));
  }
  for (const value of minorTicks(x)) line([xIn(box, x, value), bottom, xIn(box, x, value), bottom + TICK / 2]);
  for (const value of minorTicks(y)) line([left - TICK / 2, yIn(box, y, value), left, yIn(box, y, value)]);
  line([left, top, left, bottom]);
  line([left, bottom, left + width, bottom]);
  return shapes;
}

/** As many numbers along x as do not touch each other. */
function fittingTicks(chart: Chart, x: Scale, box: Box, measure: Measure): ReturnType<typeof ticksOf> {
  for (let most = Math.max(2, Math.floor(box.width / 55)); most > 1; most--) {
    const ticks = ticksOf(x, most, chart.isWholeX);
    const ends = ticks.map(({ value, text }) => [xIn(box, x, value), measure(typeset(text), SIZE) / 2] as const);
    if (ends.every(([at, half], i) => i === 0 || at - half > ends[i - 1][0] + ends[i - 1][1] + 12)) return ticks;
  }
  return ticksOf(x, 1, chart.isWholeX);
}

/** The numbers between the powers of ten, which have no texts. */
function minorTicks(scale: Scale): number[] {
  if (scale.kind !== "log") return [];
  const [first, last] = [Math.floor(Math.log10(scale.low)), Math.ceil(Math.log10(scale.high))];
  if (last - first > 10) return [];
  const values = Array.from({ length: last - first }, (_, at) => first + at)
    .flatMap((power) => [2, 3, 4, 5, 6, 7, 8, 9].map((factor) => factor * 10 ** power));
  return values.filter((value) => value > scale.low && value < scale.high);
}

function curveShapes(curves: readonly DrawnCurve[], box: Box, x: Scale, y: Scale): Shape[] {
  const colours = curves.map(({ colour }) => curveColour(colour));
  const bands = curves.flatMap((curve, at): Shape[] =>
    bandOutlines(curve, box, x, y).map((outline) => ({
      kind: "area",
      outline,
      colour: colours[at],
      opacity: 0.18,
      clip: box,
    }))
  );
  const width = curves.length > 40 ? 1 : curves.length > 12 ? 1.3 : 1.8;
  const lines = curves.flatMap((curve, at): Shape[] => {
    const { strokes, alone } = outlineOf(curve, box, x, y);
    const isSparse = curve.y.length <= MAX_DOTS;
    const dots = isSparse ? strokes.flatMap((points) => [...pairs(points)]) : [];
    return [
      ...strokes.length > 0 ? [{ kind: "stroke", strokes, colour: colours[at], width, clip: box } as const] : [],
      ...[...alone, ...dots].filter(([px, py]) => isInside(box, px, py)).map(([px, py]): Shape => (
        { kind: "dot", x: px, y: py, radius: width * 1.4, colour: colours[at] }
      )),
    ];
  });
  return [...bands, ...lines];
}

function* pairs(points: ArrayLike<number>): Generator<[number, number]> {
  for (let at = 0; at < points.length; at += 2) yield [points[at], points[at + 1]];
}

function isInside({ left, top, width, height }: Box, x: number, y: number): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

/** The title, and what the axes are called. */
function names({ title, xName, yName }: Chart, box: Box, height: number, theme: Theme): Shape[] {
  const middle = box.left + box.width / 2;
  const shapes: Shape[] = [];
  if (title !== undefined) {
    shapes.push(text(title, box.left, MARGIN + TITLE_SIZE * 0.7, theme.text, { size: TITLE_SIZE, isBold: true }));
  }
  if (xName !== undefined) shapes.push(text(xName, middle, height - MARGIN + 4, theme.text, { anchor: "middle" }));
  if (yName !== undefined) {
    const shape = text(yName, MARGIN + SIZE * 0.4, box.top + box.height / 2, theme.text, { anchor: "middle" });
    shapes.push({ ...shape, isUpright: true } as Shape);
  }
  return shapes;
}

/** The legend to the right of the curves, as wide as its labels but for long ones. */
function legendOf(
  curves: readonly DrawnCurve[],
  [width, height]: readonly [number, number],
  measure: Measure,
  theme: Theme,
): Legend {
  const said = curves.filter(({ label }) => label !== "");
  const most = Math.max(1, Math.floor((height - 2 * MARGIN - 60) / LEGEND_LINE));
  const shown = said.length > most ? spread(said, most - 1) : said;
  const room = width * 0.34 - SAMPLE - 8;
  const texts = shown.map((curve) => cut(saidOf(curve), room, measure));
  if (said.length > shown.length) texts.push(`… ${said.length - shown.length} more`);
  const widest = Math.max(...texts.map((it) => measure(it, SIZE)));
  return {
    width: SAMPLE + 8 + widest,
    shapes: (left, top) =>
      texts.flatMap((it, at): Shape[] => {
        const y = top + 8 + at * LEGEND_LINE;
        const sample: Shape[] = at >= shown.length ? [] : [{
          kind: "stroke",
          strokes: [[left, y, left + SAMPLE, y]],
          colour: curveColour(shown[at].colour),
          width: 2.5,
        }];
        return [...sample, text(it, left + SAMPLE + 8, y + SIZE * 0.35, theme.text)];
      }),
  };
}

interface Legend {
  readonly width: number;
  readonly shapes: (left: number, top: number) => Shape[];
}

function cut(label: string, room: number, measure: Measure): string {
  if (measure(label, SIZE) <= room) return label;
  let text = "";
  for (const character of label) {
    if (measure(text + character + "…", SIZE) > room) break;
    text += character;
  }
  return text + "…";
}

function text(said: string, x: number, y: number, colour: Colour, more: Partial<Text> = {}): Shape {
  return { kind: "text", text: said, x, y, size: SIZE, colour, anchor: "start", ...more };
}

const RAISED: Readonly<Record<string, string>> = {
  "-": "⁻",
  ..."⁰¹²³⁴⁵⁶⁷⁸⁹".split("").reduce((all, raised, digit) => ({ ...all, [digit]: raised }), {}),
};

/** A number of an axis as it is printed: `1e-5` as 10⁻⁵, with a true minus. */
function typeset(number: string): string {
  const power = /^(-?)([\d.]+)e(-?\d+)$/.exec(number);
  if (power === null) return number.replace(/^-/, "−");
  const [, sign, factor, exponent] = power;
  const raised = [...exponent].map((character) => RAISED[character]).join("");
  return `${sign === "" ? "" : "−"}${factor === "1" ? "" : `${factor}×`}10${raised}`;
}
