import { isSettledRow, type SettledIn } from "../settled.ts";
import type { LookOrder } from "./look_ahead.ts";
import { emptyLooks, Seen, Turn } from "./looks.ts";

/**
 * Has another thread look at all experiments of a file of the catalogue, and says whether each settled one, and its
 * folder of runs, is in the state that the file describes, and its notes are older than a time.
 *
 * @param root The absolute path of the repository. @param notesUntil Milliseconds since the Unix epoch.
 */
export async function isWholeStill(
  { segment, besides }: SettledIn,
  root: string,
  notesUntil: number,
): Promise<boolean> {
  const { experiments, runs } = segment.head;
  const looks = emptyLooks(experiments, runs, 0);
  const order: LookOrder = { path: segment.file.path, bytes: segment.bytes, root, depth: "runs", looks, notesUntil };
  const worker = new Worker(new URL("./look_worker.ts", import.meta.url), { type: "module" });
  try {
    await new Promise<void>((resolve) => {
      worker.onmessage = () => resolve();
      worker.onerror = (event) => {
        event.preventDefault();
        resolve();
      };
      worker.postMessage(order);
    });
  } finally {
    worker.terminate();
  }
  if (!looks.turns.every((turn) => turn === Turn.Done)) return false;
  for (let row = 0; row < experiments; row++) {
    const isSeen = looks.experiments[row] === (Seen.Still | Seen.Runs);
    if (!isSeen && isSettledRow(segment, row) && !besides.has(segment.folderAt(row))) return false;
  }
  return true;
}
