// DejaVu Sans: letters of Latin, Greek, Cyrillic and Arabic, and mathematical signs; free to be embedded.
import bytes from "npm:dejavu-fonts-ttf@2.37.3/ttf/DejaVuSans.ttf" with { type: "bytes" };

/** The font of pictures that are made of pixels, 0.7 MiB. It is loaded with the first such picture. */
export const FONT: Uint8Array = bytes;
