import type { Colour } from "../picture/palette.ts";
import type { Box, Measure, Picture, Points, Shape, Text } from "../picture/picture.ts";

/** Fonts that some system has; the widths of their letters are near to each other. */
const FONTS = "Inter, 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif";

/** Writes a picture as SVG. */
export function svgOf({ width, height, title, paper, shapes }: Picture): string {
  const clips = new Clips();
  const body = shapes.map((shape) => shapeText(shape, clips)).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${FONTS}">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" fill="${hex(paper)}"/>
${clips.text()}${body}
</svg>
`;
}

/** About how wide a text is in those fonts. */
export const svgMeasure: Measure = (text, size) => {
  let width = 0;
  for (const character of text) {
    if (/[ijl.,:;'|!()[\] ft\-]/.test(character)) width += 0.33;
    else if (/[mwMW@%]/.test(character)) width += 0.88;
    else if (/[A-Z]/.test(character)) width += 0.69;
    else width += character > "\u2fff" ? 1 : 0.57;
  }
  return width * size;
};

/** The areas to which shapes are cut, each once. */
class Clips {
  readonly #ids = new Map<string, string>();

  attribute(clip: Box | undefined): string {
    if (clip === undefined) return "";
    const box = `x="${short(clip.left)}" y="${short(clip.top)}" width="${short(clip.width)}" height="${
      short(clip.height)
    }"`;
    let id = this.#ids.get(box);
    if (id === undefined) this.#ids.set(box, id = `inside${this.#ids.size + 1}`);
    return ` clip-path="url(#${id})"`;
  }

  text(): string {
    return [...this.#ids].map(([box, id]) => `<clipPath id="${id}"><rect ${box}/></clipPath>\n`).join("");
  }
}

function shapeText(shape: Shape, clips: Clips): string {
  const colour = hex(shape.colour);
  switch (shape.kind) {
    case "stroke": {
      const path = shape.strokes.map(pathOf).join("");
      const clip = clips.attribute(shape.clip);
      return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${shape.width}" stroke-linejoin="round"${clip}/>`;
    }
    case "area": {
      const clip = clips.attribute(shape.clip);
      return `<path d="${pathOf(shape.outline)}Z" fill="${colour}" fill-opacity="${shape.opacity}"${clip}/>`;
    }
    case "dot":
      return `<circle cx="${short(shape.x)}" cy="${short(shape.y)}" r="${short(shape.radius)}" fill="${colour}"/>`;
    case "text":
      return textText(shape, colour);
  }
}

function textText({ text, x, y, size, anchor, isBold, isUpright }: Text, colour: string): string {
  const place = `x="${short(x)}" y="${short(y)}" font-size="${size}"`;
  const anchored = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  const weight = isBold ? ' font-weight="600"' : "";
  const turned = isUpright ? ` transform="rotate(-90 ${short(x)} ${short(y)})"` : "";
  return `<text ${place} fill="${colour}"${anchored}${weight}${turned}>${escaped(text)}</text>`;
}

/** A path whose steps are written relative to each other, which is shorter. */
function pathOf(points: Points): string {
  let text = "";
  let [lastX, lastY] = [0, 0];
  for (let at = 0; at < points.length; at += 2) {
    // In tenths of a pixel, so that rounding does not add up.
    const [x, y] = [Math.round(points[at] * 10), Math.round(points[at + 1] * 10)];
    if (at === 0) text += `M${x / 10} ${y / 10}l`;
    else text += `${(x - lastX) / 10} ${(y - lastY) / 10} `;
    [lastX, lastY] = [x, y];
  }
  return text.trimEnd();
}

function short(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A colour as CSS writes it. */
export function hex(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as XML: what XML cannot hold, such as control characters, is shown as one that says so. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]).replace(
    /[\p{Cc}\p{Cs}\ufffe\uffff]/gu,
    "\ufffd",
  );
}
