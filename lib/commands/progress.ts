import type { Context, Output } from "./command.ts";
import { bytes } from "./format_values.ts";

/** Work that ends sooner is not worth a bar, in milliseconds; and how often one is drawn. */
const QUIET_MS = 300;
const EVERY_MS = 100;

/** A bar of bytes done, which comes after a while and is gone at the end. Nothing where there is no terminal. */
export function progressBar(out: Output, what: string): (done: number, total: number, note?: string) => void {
  if (!out.isTerminal) return () => {};
  const start = performance.now();
  let drawn = start + QUIET_MS - EVERY_MS;
  let shown = false;
  return (done, total, note) => {
    const now = performance.now();
    if (done >= total) {
      if (shown) out.write("\r\x1b[K");
      shown = false;
      return;
    }
    if (now - drawn < EVERY_MS) return;
    drawn = now;
    shown = true;
    const part = total === 0 ? 1 : done / total;
    const left = Math.ceil((now - start) / 1000 * (1 - part) / Math.max(part, 1e-9));
    const width = 24;
    const bar = "█".repeat(Math.round(part * width)).padEnd(width, "░");
    out.write(
      `\r\x1b[K${what} ${bar} ${Math.floor(part * 100)}%  ${bytes(done)} of ${bytes(total)}, ${
        note === undefined ? "" : `${note}, `
      }${left} s left`,
    );
  };
}

/** A bar for the time that an index takes, on a terminal. */
export function indexProgress(context: Context): (done: { readonly bytes: number; readonly total: number }) => void {
  const bar = progressBar(context.stderr, "reading logs");
  return ({ bytes, total }) => bar(bytes, total);
}
