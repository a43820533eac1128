// A worker that reads experiments, beside another thread that reads others.
import { messageOf } from "../../../base/errors.ts";
import { DiskLogs } from "../../../index/parse/log_bytes.ts";
import { IndexFiles } from "../../../index/state/index_files.ts";
import { SharedLots } from "../../../index/parse/parse_job.ts";
import { BulkJob, type BulkResult, type BulkTask } from "./bulk_job.ts";

/** The first message to the worker. */
export interface BulkOrder {
  /** Of the repository, and of the index. */
  readonly location: string;
  readonly folder: string;
  readonly work: BulkTask;
  /** The number of the thread. */
  readonly as: number;
}

/** What it says, once. */
export type BulkReport = BulkResult | { readonly error: string };

const scope = globalThis as unknown as {
  onmessage: ((message: MessageEvent<BulkOrder>) => void) | null;
  postMessage(message: BulkReport, transfer?: Transferable[]): void;
};

scope.onmessage = ({ data: { location, folder, work, as } }) => {
  try {
    const job = new BulkJob(new DiskLogs(location), new IndexFiles(folder), work, Infinity);
    const lots = new SharedLots(work.taken);
    for (let lot = lots.take(as); lot !== undefined; lot = lots.take(as)) job.read(lot);
    const result = job.end();
    const { rows, runRows, texts } = result.block;
    scope.postMessage(result, [rows.buffer, runRows.buffer, ...texts.map(({ buffer }) => buffer)]);
  } catch (error) {
    scope.postMessage({ error: messageOf(error) });
  }
};
