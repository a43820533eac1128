import type { Box, Measure, Picture, Points, Shape, Text } from "../picture/picture.ts";
import { Font } from "./glyphs.ts";
import { type PixelBox, Raster } from "./raster.ts";

/** Paints pictures as pixels, with letters of one font. */
export class Painter {
  readonly #font: Font;

  constructor(font: Uint8Array) {
    this.#font = new Font(font);
  }

  /** How wide a text is. */
  readonly measure: Measure = (text, size) => {
    let units = 0;
    for (const character of text) units += this.#font.advance(this.#font.glyph(character));
    return units * size / this.#font.unitsPerEm;
  };

  /** Paints a picture. `scale`: how many pixels one of the picture becomes, in each direction. */
  paint(picture: Picture, scale: number): Raster {
    const raster = new Raster(Math.round(picture.width * scale), Math.round(picture.height * scale), picture.paper);
    for (const shape of picture.shapes) this.#shape(raster, shape, scale);
    return raster;
  }

  #shape(raster: Raster, shape: Shape, scale: number): void {
    const { colour } = shape;
    switch (shape.kind) {
      case "stroke": {
        const strokes = shape.strokes.map((points) => scaled(points, scale));
        raster.stroke(strokes, shape.width * scale, colour, pixelsOf(shape.clip, raster, scale));
        break;
      }
      case "area":
        raster.fill([scaled(shape.outline, scale)], colour, shape.opacity, pixelsOf(shape.clip, raster, scale));
        break;
      case "dot":
        raster.stroke([scaled([shape.x, shape.y], scale)], shape.radius * 2 * scale, colour, raster.whole);
        break;
      case "text":
        raster.fill(this.#letters(shape, scale), colour, 1, raster.whole);
        break;
    }
  }

  /** The outlines of a text in pixels. */
  #letters(text: Text, scale: number): number[][] {
    const { size, anchor, isUpright, isBold } = text;
    const units = size * scale / this.#font.unitsPerEm;
    const width = this.measure(text.text, size) * scale;
    let along = anchor === "start" ? 0 : anchor === "middle" ? -width / 2 : -width;
    const outlines: number[][] = [];
    for (const character of text.text) {
      const glyph = this.#font.glyph(character);
      for (const line of this.#font.outline(glyph)) {
        // A bold letter is one that stands twice, a little apart.
        for (const shift of isBold ? [0, size * scale * 0.045] : [0]) {
          const outline: number[] = [];
          for (let at = 0; at < line.length; at += 2) {
            const [x, y] = [along + shift + line[at] * units, line[at + 1] * units];
            if (isUpright) outline.push(text.x * scale - y, text.y * scale - x);
            else outline.push(text.x * scale + x, text.y * scale - y);
          }
          outlines.push(outline);
        }
      }
      along += this.#font.advance(glyph) * units;
    }
    return outlines;
  }
}

function scaled(points: Points, scale: number): Points {
  return scale === 1 ? points : Float64Array.from(points, (value) => value * scale);
}

function pixelsOf(box: Box | undefined, raster: Raster, scale: number): PixelBox {
  if (box === undefined) return raster.whole;
  return {
    left: Math.max(0, Math.floor(box.left * scale)),
    top: Math.max(0, Math.floor(box.top * scale)),
    right: Math.min(raster.width, Math.ceil((box.left + box.width) * scale)),
    bottom: Math.min(raster.height, Math.ceil((box.top + box.height) * scale)),
  };
}
