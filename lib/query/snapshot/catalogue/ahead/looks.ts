/** Experiments that are looked at together. */
export const CHUNK = 256;

/** What became of a chunk. */
export const enum Turn {
  Free,
  /** The thread that lists looks at it itself. */
  Own,
  /** A worker does. */
  Taken,
  Done,
}

/** What was seen of an experiment. */
export const enum Seen {
  /** Its folder is in the state that the file describes. */
  Still = 1,
  /** And that of its runs. */
  Runs = 2,
}

/** What stands for a log that has not been looked at. */
export const UNSEEN = -1;

/** What was seen of the experiments of a file of the catalogue, in memory that threads share. */
export interface Looks {
  readonly turns: Int32Array<SharedArrayBuffer>;
  /** By rows of experiments. */
  readonly experiments: Uint8Array<SharedArrayBuffer>;
  /** By rows of runs: 1 where the folder is in the state that the file describes. */
  readonly runs: Uint8Array<SharedArrayBuffer>;
  /** By logs, see `firstLogs` of `Segment`: their bytes, or `UNSEEN`, and their times. */
  readonly sizes: Float64Array<SharedArrayBuffer>;
  readonly times: Float64Array<SharedArrayBuffer>;
}

/** Memory for what will be seen. */
export function emptyLooks(experiments: number, runs: number, logs: number): Looks {
  return {
    turns: new Int32Array(new SharedArrayBuffer(Math.ceil(experiments / CHUNK) * 4)),
    experiments: new Uint8Array(new SharedArrayBuffer(experiments)),
    runs: new Uint8Array(new SharedArrayBuffer(runs)),
    sizes: new Float64Array(new SharedArrayBuffer(logs * 8)).fill(UNSEEN),
    times: new Float64Array(new SharedArrayBuffer(logs * 8)),
  };
}
