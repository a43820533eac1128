import type { Raster } from "../../plot/png/raster.ts";
import { pngOf } from "../../plot/png/png.ts";

/** A terminal takes no more of a picture at once. */
const PIECE = 4096;

/** The number of our picture: one that is drawn again takes the place of the one before. */
const ID = 7_315;

/** A picture as the protocol of kitty has it, over so many columns and rows. */
export function kittyPicture(raster: Raster, [columns, rows]: readonly [number, number]): string {
  const base64 = pngOf(raster).toBase64();
  let sequence = "";
  for (let at = 0; at < base64.length; at += PIECE) {
    const isLast = at + PIECE >= base64.length;
    const keys = at === 0 ? `a=T,f=100,i=${ID},q=2,C=1,c=${columns},r=${rows},` : "";
    sequence += `\x1b_G${keys}m=${isLast ? 0 : 1};${base64.slice(at, at + PIECE)}\x1b\\`;
  }
  return sequence;
}
