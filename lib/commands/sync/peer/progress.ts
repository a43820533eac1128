import type { Progress } from "../../../sync/transfer/transfer.ts";
import type { Output } from "../../../terminal/output.ts";
import { bytes } from "../../../terminal/values.ts";
import { progressBar, progressLine } from "../../../terminal/progress.ts";

/** How far a synchronisation is, on a terminal: what it looks at, then a bar with bytes, rate and time left. */
export function syncProgress(out: Output): { update: (progress: Progress) => void; clear: () => void } {
  let sending: number | undefined;
  let bar = progressBar(out, "sending");
  const draw = progressLine(out);
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
      draw(() => `${phase}${total > 0 ? ` ${done} of ${total} files` : ""}`);
    },
    clear() {
      out.clear();
    },
  };
}
