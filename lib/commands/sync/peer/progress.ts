import type { Progress } from "../../../sync/transfer/transfer.ts";
import type { Output } from "../../../terminal/output.ts";
import { bytes } from "../../../terminal/values.ts";
import { progressBar } from "../../../terminal/progress.ts";

/** Milliseconds between two lines. */
const EVERY = 100;

/** How far a synchronisation is, on a terminal: what it looks at, then a bar with bytes, rate and time left. */
export function syncProgress(out: Output): { update: (progress: Progress) => void; clear: () => void } {
  const start = performance.now();
  let sending: number | undefined;
  let bar = progressBar(out, "sending");
  let shownAt = 0;
  return {
    update({ phase, done, total }) {
      if (!out.isTerminal) return;
      const now = performance.now();
      if (phase === "sending") {
        if (sending === undefined) {
          out.clear();
          sending = now;
          bar = progressBar(out, "sending");
        }
        const rate = done / Math.max(0.001, (now - sending) / 1000);
        bar(done, total, `${bytes(rate)}/s`);
        return;
      }
      sending = undefined;
      if (now - start < 300 || now - shownAt < EVERY) return;
      shownAt = now;
      const line = `${phase}${total > 0 ? ` ${done} of ${total} files` : ""}`;
      out.draw(line.slice(0, out.columns - 1));
    },
    clear() {
      out.clear();
    },
  };
}
