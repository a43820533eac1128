import type { Colour } from "../picture/palette.ts";
import type { Points } from "../picture/picture.ts";

/** Whole pixels: left and top are inside, right and bottom are not. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Paper of pixels, on which lines and areas are drawn with smooth edges. */
export class Raster {
  /** Red, green and blue of each pixel, row by row. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** How much of each pixel the shape covers that is being drawn, 0 to 255. */
  readonly #mask: Uint8Array;
  /** The signed area to the right of edges, of the area that is being filled. */
  readonly #edges: Float32Array;

  constructor(readonly width: number, readonly height: number, paper: Colour = [255, 255, 255]) {
    this.pixels = new Uint8Array(width * height * 3);
    for (let at = 0; at < this.pixels.length; at++) this.pixels[at] = paper[at % 3];
    this.#mask = new Uint8Array(width * height);
    this.#edges = new Float32Array((width + 2) * height);
  }

  get whole(): PixelBox {
    return { left: 0, top: 0, right: this.width, bottom: this.height };
  }

  /** Draws lines. Where they cross themselves they are as dark as elsewhere. */
  stroke(strokes: readonly Points[], width: number, colour: Colour, clip: PixelBox): void {
    const dirty = new Dirty(clip);
    for (const points of strokes) {
      if (points.length === 2) this.#segment(points[0], points[1], points[0], points[1], width / 2, clip, dirty);
      for (let at = 2; at < points.length; at += 2) {
        this.#segment(points[at - 2], points[at - 1], points[at], points[at + 1], width / 2, clip, dirty);
      }
    }
    this.#paint(colour, 1, dirty);
  }

  /** Fills closed lines; what lies within an odd turn, such as the inside of an o, stays empty. */
  fill(outlines: readonly Points[], colour: Colour, opacity: number, clip: PixelBox): void {
    const dirty = new Dirty(clip);
    for (const points of outlines) {
      for (let at = 0, last = points.length - 2; at < points.length; last = at, at += 2) {
        this.#edge(points[last], points[last + 1], points[at], points[at + 1], clip, dirty);
      }
    }
    const stride = this.width + 2;
    for (let y = dirty.top; y < dirty.bottom; y++) {
      let sum = 0;
      for (let x = dirty.left; x < clip.right; x++) {
        sum += this.#edges[y * stride + x];
        this.#mask[y * this.width + x] = Math.min(255, Math.round(Math.abs(sum) * 255));
      }
      this.#edges.fill(0, y * stride, (y + 1) * stride);
    }
    dirty.right = clip.right;
    this.#paint(colour, opacity, dirty);
  }

  /** The pixels near to a piece of a line, as far as they are. */
  #segment(x1: number, y1: number, x2: number, y2: number, radius: number, clip: PixelBox, dirty: Dirty): void {
    const [dx, dy] = [x2 - x1, y2 - y1];
    const square = dx * dx + dy * dy;
    const reach = radius + 1;
    const isSteep = Math.abs(dy) > Math.abs(dx);
    // Along the longer way, and at each place of it across the line.
    const [from, to] = isSteep ? [Math.min(y1, y2), Math.max(y1, y2)] : [Math.min(x1, x2), Math.max(x1, x2)];
    const [least, most] = isSteep ? [clip.top, clip.bottom] : [clip.left, clip.right];
    const [leastAcross, mostAcross] = isSteep ? [clip.left, clip.right] : [clip.top, clip.bottom];
    const slope = square === 0 ? 0 : isSteep ? dx / dy : dy / dx;
    const across = reach * Math.hypot(1, slope);
    const [origin, originAcross] = isSteep ? [y1, x1] : [x1, y1];
    for (
      let along = Math.max(least, Math.floor(from - reach));
      along < Math.min(most, Math.ceil(to + reach));
      along++
    ) {
      const near = Math.max(from, Math.min(to, along + 0.5));
      const middle = originAcross + (near - origin) * slope;
      const end = Math.min(mostAcross, Math.ceil(middle + across));
      for (let beside = Math.max(leastAcross, Math.floor(middle - across)); beside < end; beside++) {
        const [x, y] = isSteep ? [beside, along] : [along, beside];
        const [px, py] = [x + 0.5 - x1, y + 0.5 - y1];
        const part = square === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / square));
        const distance = Math.sqrt((px - part * dx) ** 2 + (py - part * dy) ** 2);
        const covered = Math.min(1, radius + 0.5 - distance) * 255;
        const at = y * this.width + x;
        if (covered > this.#mask[at]) {
          this.#mask[at] = covered;
          dirty.add(x, y);
        }
      }
    }
  }

  /** Adds the area between an edge and the right end of its rows, signed by its direction. */
  #edge(x1: number, y1: number, x2: number, y2: number, clip: PixelBox, dirty: Dirty): void {
    if (y1 === y2) return;
    const sign = y1 < y2 ? 1 : -1;
    const [topX, topY, bottomX, bottomY] = y1 < y2 ? [x1, y1, x2, y2] : [x2, y2, x1, y1];
    const slope = (bottomX - topX) / (bottomY - topY);
    const stride = this.width + 2;
    for (let y = Math.max(clip.top, Math.floor(topY)); y < Math.min(clip.bottom, Math.ceil(bottomY)); y++) {
      const [from, to] = [Math.max(topY, y), Math.min(bottomY, y + 1)];
      const height = (to - from) * sign;
      const [a, b] = [topX + (from - topY) * slope, topX + (to - topY) * slope]
        .map((x) => Math.max(clip.left, Math.min(clip.right, x)));
      const [left, right] = a < b ? [a, b] : [b, a];
      const row = y * stride;
      const [first, last] = [Math.floor(left), Math.floor(right)];
      dirty.add(Math.min(first, clip.right - 1), y);
      if (first === last) {
        const inside = 1 - ((left + right) / 2 - first);
        this.#edges[row + first] += height * inside;
        this.#edges[row + first + 1] += height * (1 - inside);
        continue;
      }
      // The part of each pixel that lies to the right of a slanted edge, as a sum of differences.
      let before = 0;
      for (let x = first; x <= last; x++) {
        const [start, end] = [Math.max(left, x), Math.min(right, x + 1)];
        const share = (end - start) / (right - left);
        const done = (start - left) / (right - left);
        const area = done + share * (1 - ((start + end) / 2 - x));
        this.#edges[row + x] += height * (area - before);
        before = area;
      }
      this.#edges[row + last + 1] += height * (1 - before);
    }
  }

  /** Paints what the mask covers, and empties the mask. */
  #paint([red, green, blue]: Colour, opacity: number, { left, top, right, bottom }: PixelBox): void {
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const at = y * this.width + x;
        const covered = this.#mask[at];
        if (covered === 0) continue;
        this.#mask[at] = 0;
        const alpha = covered / 255 * opacity;
        const pixel = at * 3;
        this.pixels[pixel] += Math.round((red - this.pixels[pixel]) * alpha);
        this.pixels[pixel + 1] += Math.round((green - this.pixels[pixel + 1]) * alpha);
        this.pixels[pixel + 2] += Math.round((blue - this.pixels[pixel + 2]) * alpha);
      }
    }
  }
}

/** The pixels that were touched, as a box. */
class Dirty implements PixelBox {
  left: number;
  top: number;
  right: number;
  bottom: number;

  constructor(clip: PixelBox) {
    [this.left, this.top, this.right, this.bottom] = [clip.right, clip.bottom, clip.left, clip.top];
  }

  add(x: number, y: number): void {
    if (x < this.left) this.left = x;
    if (x >= this.right) this.right = x + 1;
    if (y < this.top) this.top = y;
    if (y >= this.bottom) this.bottom = y + 1;
  }
}
