import type { Raster } from "../../plot/png/raster.ts";

/** Terminals keep so many colours of a picture as a rule. */
const MAX_COLOURS = 255;

/** A picture as sixels: bands of six rows, in each of them one line for every colour. */
export function sixelPicture({ width, height, pixels }: Raster): string {
  const { colours, of } = coloursOf(pixels, width * height);
  let text = `\x1bP0;1q"1;1;${width};${height}`;
  colours.forEach((rgb, number) => {
    text += `#${number};2;${rgb.map((part) => Math.round(part * 100 / 255)).join(";")}`;
  });
  for (let top = 0; top < height; top += 6) {
    const rows = new Map<number, Uint8Array>();
    for (let y = top; y < Math.min(height, top + 6); y++) {
      for (let x = 0; x < width; x++) {
        const colour = of[y * width + x];
        let row = rows.get(colour);
        if (row === undefined) rows.set(colour, row = new Uint8Array(width));
        row[x] |= 1 << y - top;
      }
    }
    for (const [colour, row] of rows) text += `#${colour}${runs(row)}$`;
    text += "-";
  }
  return text + "\x1b\\";
}

/** Equal characters in a row are counted. */
function runs(row: Uint8Array): string {
  let text = "";
  for (let at = 0; at < row.length;) {
    let end = at + 1;
    while (end < row.length && row[end] === row[at]) end++;
    const character = String.fromCharCode(63 + row[at]);
    text += end - at > 3 ? `!${end - at}${character}` : character.repeat(end - at);
    at = end;
  }
  return text;
}

/** The colours that most pixels have, and for each pixel the nearest of them. Colours are alike that differ by less than a 32nd. */
function coloursOf(pixels: Uint8Array, count: number): { readonly colours: number[][]; readonly of: Uint8Array } {
  const counts = new Uint32Array(1 << 15);
  const keys = new Uint16Array(count);
  const first = new Int32Array(1 << 15).fill(-1);
  for (let at = 0; at < count; at++) {
    const key = pixels[at * 3] >> 3 << 10 | pixels[at * 3 + 1] >> 3 << 5 | pixels[at * 3 + 2] >> 3;
    keys[at] = key;
    if (counts[key]++ === 0) first[key] = at * 3;
  }
  const there = [...counts.keys()].filter((key) => counts[key] > 0).sort((a, b) => counts[b] - counts[a]);
  const rgbOf = (key: number) => [...pixels.subarray(first[key], first[key] + 3)];
  const colours = there.slice(0, MAX_COLOURS).map(rgbOf);
  const numbers = new Uint8Array(1 << 15);
  there.forEach((key, at) => numbers[key] = at < MAX_COLOURS ? at : nearest(rgbOf(key), colours));
  return { colours, of: Uint8Array.from(keys, (key) => numbers[key]) };
}

function nearest(rgb: readonly number[], colours: readonly number[][]): number {
  let best = 0;
  let least = Infinity;
  colours.forEach((colour, at) => {
    const distance = colour.reduce((sum, part, channel) => sum + (part - rgb[channel]) ** 2, 0);
    if (distance < least) [best, least] = [at, distance];
  });
  return best;
}
