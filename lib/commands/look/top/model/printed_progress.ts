/** How far a run is as it printed it. */
export interface PrintedProgress {
  /** From 0 to 1. */
  readonly part: number;
  /** Milliseconds that are left, where it printed them. */
  readonly leftMs?: number;
}

/** `Epoch 3: 45%|████▌     | 450/1000 [00:12<00:15, 36.2it/s]`, of tqdm and what is made with it. */
const TQDM = /(\d+)%\|[^|]*\|\s*[^\s[]+\/[^\s[]+\s*\[[\d:?]+<([\d:?]+)/;
/** `Epoch 3/10`, `epoch [3/10]`, `step 450 of 1000`, `[450/1000]`, `iter: 450/1000`. */
const COUNTED = /\b(epoch|step|iter(?:ation)?|batch|update)s?\s*[:#=]?\s*[[(]?\s*(\d+)\s*(?:\/|of)\s*(\d+)/i;
/** `eta: 0:01:02`, `ETA 00:12`. */
const ETA = /\beta\s*[:=]?\s*((?:\d+ days?, )?\d+(?::\d\d){1,2})/i;

/** How far the last of some lines says that a run is. Epochs count more than the steps inside them. */
export function progressIn(lines: readonly string[]): PrintedProgress | undefined {
  let found: { readonly rank: number; readonly progress: PrintedProgress } | undefined;
  for (const line of lines.toReversed()) {
    const read = progressOfLine(line);
    if (read !== undefined && (found === undefined || read.rank > found.rank)) found = read;
  }
  return found?.progress;
}

function progressOfLine(line: string): { rank: number; progress: PrintedProgress } | undefined {
  const counted = COUNTED.exec(line);
  const bar = TQDM.exec(line);
  const leftMs = milliseconds(ETA.exec(line)?.[1]);
  if (counted !== null && Number(counted[3]) > 0 && Number(counted[2]) <= Number(counted[3])) {
    const isEpoch = /^epoch$/i.test(counted[1]);
    const [at, of] = [Number(counted[2]), Number(counted[3])];
    // Inside an epoch, a bar says how much of it is done.
    const inside = isEpoch && bar !== null ? Number(bar[1]) / 100 - 1 : 0;
    return { rank: isEpoch ? 2 : 1, progress: { part: Math.max(0, (at + inside) / of), leftMs } };
  }
  // A bar that stands in an epoch of an unknown number says nothing of the whole.
  if (bar === null || /\bepoch\b/i.test(line.slice(0, bar.index))) return undefined;
  return { rank: 1, progress: { part: Math.min(1, Number(bar[1]) / 100), leftMs: leftMs ?? milliseconds(bar[2]) } };
}

/** `0:01:02` or `3 days, 0:01:02` in milliseconds. */
function milliseconds(text: string | undefined): number | undefined {
  if (text === undefined || text.includes("?")) return undefined;
  const days = /^(\d+) days?, /.exec(text);
  const parts = text.slice(days?.[0].length ?? 0).split(":").map(Number);
  const seconds = parts.reduce((sum, part) => sum * 60 + part, 0);
  return (Number(days?.[1] ?? 0) * 86_400 + seconds) * 1000;
}
