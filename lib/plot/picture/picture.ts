import type { Colour } from "./palette.ts";

/** A picture that is drawn shape by shape. Lengths are pixels, y counts from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** What the picture is of, for those who do not see it. */
  readonly title: string;
  readonly paper: Colour;
  readonly shapes: readonly Shape[];
}

/** A rectangle. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The coordinates of points: x and y in turn. */
export type Points = ArrayLike<number>;

/** Straight lines from point to point, in as many strokes as there are gaps and one. */
export interface Stroke {
  readonly kind: "stroke";
  readonly strokes: readonly Points[];
  readonly colour: Colour;
  readonly width: number;
  /** What lies outside is cut off. */
  readonly clip?: Box;
}

/** A surface between points. */
export interface Area {
  readonly kind: "area";
  readonly outline: Points;
  readonly colour: Colour;
  /** 0 to 1. */
  readonly opacity: number;
  readonly clip?: Box;
}

/** A line of text. */
export interface Text {
  readonly kind: "text";
  readonly text: string;
  readonly x: number;
  /** Of the line on which the letters stand. */
  readonly y: number;
  readonly size: number;
  readonly colour: Colour;
  readonly anchor: "start" | "middle" | "end";
  readonly isBold?: boolean;
  /** Whether it is read from below. */
  readonly isUpright?: boolean;
}

/** A disc. */
export interface Dot {
  readonly kind: "dot";
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly colour: Colour;
}

export type Shape = Stroke | Area | Text | Dot;

/** How wide a text of a size is. */
export type Measure = (text: string, size: number) => number;
