import type { Output } from "./output.ts";
import { bytes } from "./values.ts";

/** Work that ends sooner is not worth a bar, in milliseconds; and how often one is drawn. */
const QUIET_MS = 300;
const EVERY_MS = 100;

/** A bar of bytes done, which comes after a while and is gone at the end. Nothing where there is no terminal. */
export function progressBar(
  out: Output,
  what: string,
  clock: () => number = () => performance.now(),
): (done: number, total: number, note?: string) => void {
  if (!out.isTerminal) return () => {};
  const start = clock();
  let drawn = start + QUIET_MS - EVERY_MS;
  return (done, total, note) => {
    const now = clock();
    if (done >= total) return out.clear();
    if (now - drawn < EVERY_MS) return;
    drawn = now;
    const part = total === 0 ? 1 : done / total;
    const left = Math.ceil((now - start) / 1000 * (1 - part) / Math.max(part, 1e-9));
    const words = `${Math.floor(part * 100)}%  ${bytes(done)} of ${bytes(total)}, ${
      note === undefined ? "" : `${note}, `
    }${left} s left`;
    out.draw(fitted(what, part, words, out.columns - 1, out.characters === "ascii" ? "#-" : "█░"));
  };
}

/** A line that says how far some work is, which comes after a while, is cut at the width, and is drawn a few times a second. */
export function progressLine(
  out: Output,
  clock: () => number = () => performance.now(),
): (text: () => string) => void {
  if (!out.isTerminal) return () => {};
  let drawn = clock() + QUIET_MS - EVERY_MS;
  return (text) => {
    const now = clock();
    if (now - drawn < EVERY_MS) return;
    drawn = now;
    out.draw(text().slice(0, Math.max(0, out.columns - 1)));
  };
}

/** A bar that leaves out what a narrow terminal has no room for: a line that wraps could not be drawn again. */
function fitted(what: string, part: number, words: string, columns: number, [full, empty]: string): string {
  const width = Math.min(24, columns - what.length - words.length - 2);
  const bar = width < 4 ? "" : " " + full.repeat(Math.round(part * width)).padEnd(width, empty);
  return `${what}${bar} ${words}`.slice(0, Math.max(0, columns));
}
