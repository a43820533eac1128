import { type DrawnCurve, floorOf } from "../chart.ts";
import { columnsOf, type Numbers } from "../columns.ts";
import type { Scale } from "../scale/scale.ts";
import type { Box, Points } from "./picture.ts";

/** Values far outside are drawn so many heights away, where nobody sees the difference. */
const FAR = 50;

/** The lines of a curve, and its points that no line leads to. */
export interface CurveOutline {
  readonly strokes: readonly Points[];
  readonly alone: readonly (readonly [x: number, y: number])[];
}

/** A curve within a box: every point of a sparse one, of others those that can be seen. */
export function outlineOf({ x: places, y: values }: DrawnCurve, box: Box, x: Scale, y: Scale): CurveOutline {
  const strokes: number[][] = [];
  const alone: [number, number][] = [];
  let stroke: number[] = [];
  const end = () => {
    if (stroke.length > 2) strokes.push(stroke);
    else if (stroke.length === 2) alone.push([stroke[0], stroke[1]]);
    stroke = [];
  };
  const [xOf, yOf] = placesIn(box, x, y);
  if (values.length <= box.width * 2) {
    for (let at = 0; at < values.length; at++) {
      const [px, py] = [xOf(places[at]), yOf(values[at])];
      if (Number.isNaN(px) || Number.isNaN(py) || !Number.isFinite(values[at])) end();
      else stroke.push(px, py);
    }
  } else {
    const columns = columnsOf(places, values, x, Math.round(box.width), floorOf(y));
    for (let index = 0; index < columns.count; index++) {
      if (columns.isStart[index] === 1) end();
      const px = box.left + columns.at[index] * box.width / Math.max(1, Math.round(box.width) - 1);
      const [low, high] = [yOf(columns.low[index]), yOf(columns.high[index])];
      if (low === high) stroke.push(px, low);
      else if (columns.isRising[index] === 1) stroke.push(px, low, px, high);
      else stroke.push(px, high, px, low);
    }
  }
  end();
  return { strokes, alone };
}

/** The outlines of a band, one for each stretch without a gap. */
export function bandOutlines({ x: places, band }: DrawnCurve, box: Box, x: Scale, y: Scale): Points[] {
  if (band === undefined) return [];
  const above = edgeOf(places, band.high, box, x, y, "high");
  const below = edgeOf(places, band.low, box, x, y, "low");
  // Both edges have their gaps at the same points.
  return above.slice(0, below.length).map((edge, at) => {
    const back: number[] = [];
    for (let index = below[at].length - 2; index >= 0; index -= 2) back.push(below[at][index], below[at][index + 1]);
    return [...edge, ...back];
  }).filter(({ length }) => length >= 6);
}

function edgeOf(places: Numbers, edge: Numbers, box: Box, x: Scale, y: Scale, side: "low" | "high"): number[][] {
  const edges: number[][] = [];
  const [xOf, yOf] = placesIn(box, x, y);
  if (edge.length <= box.width * 2) {
    let isGap = true;
    for (let at = 0; at < edge.length; at++) {
      const [px, value] = [xOf(places[at]), edge[at]];
      if (Number.isNaN(px) || !Number.isFinite(value)) {
        isGap = true;
        continue;
      }
      if (isGap) edges.push([]);
      isGap = false;
      const py = yOf(value);
      edges.at(-1)!.push(px, Number.isNaN(py) ? box.top + box.height * 2 : py); // Below what a logarithmic axis shows.
    }
    return edges;
  }
  const columns = columnsOf(places, edge, x, Math.round(box.width), floorOf(y));
  for (let index = 0; index < columns.count; index++) {
    if (columns.isStart[index] === 1) edges.push([]);
    const px = box.left + columns.at[index] * box.width / Math.max(1, Math.round(box.width) - 1);
    edges.at(-1)!.push(px, yOf(columns[side][index]));
  }
  return edges;
}

/** Where numbers stand in a box. */
function placesIn(box: Box, x: Scale, y: Scale): readonly [(value: number) => number, (value: number) => number] {
  return [
    (value) => box.left + Math.max(-FAR, Math.min(FAR, x.place(value))) * box.width,
    (value) => box.top + (1 - Math.max(-FAR, Math.min(FAR, y.place(value)))) * box.height,
  ];
}
