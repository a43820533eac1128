import { crc32, deflateSync } from "node:zlib";
import type { Raster } from "./raster.ts";

/** Writes pixels as PNG (RFC 2083). `scale`: pixels that make up one of a screen, for the size in print. */
export function pngOf({ width, height, pixels }: Raster, scale = 1): Uint8Array<ArrayBuffer> {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8); // Bits of a channel.
  header.setUint8(9, 2); // Red, green and blue.
  const density = new DataView(new ArrayBuffer(9));
  const perMetre = Math.round(96 * scale / 0.0254);
  density.setUint32(0, perMetre);
  density.setUint32(4, perMetre);
  density.setUint8(8, 1);
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("pHYs", new Uint8Array(density.buffer)),
    chunk("IDAT", deflateSync(filtered(pixels, width * 3, height), { level: 6 })),
    chunk("IEND", new Uint8Array()),
  ];
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Rows as differences to the row above, which are mostly 0 in a chart. */
function filtered(pixels: Uint8Array, stride: number, height: number): Uint8Array {
  const rows = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const [to, from] = [y * (stride + 1) + 1, y * stride];
    rows[to - 1] = y === 0 ? 0 : 2;
    for (let x = 0; x < stride; x++) rows[to + x] = pixels[from + x] - (y === 0 ? 0 : pixels[from + x - stride]);
  }
  return rows;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let at = 0; at < 4; at++) bytes[4 + at] = type.charCodeAt(at);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
