/** How to check. */
export interface CheckOptions {
  /** Also read every object and compare its SHA-256 with its name. */
  readonly readData?: boolean;
  /** Also look for names that other systems cannot hold or keep apart. */
  readonly portable?: boolean;
  readonly signal?: AbortSignal;
  /** Told after each experiment and object how many are done. */
  readonly onProgress?: (done: Done) => void;
}

/** How far a check is. */
export interface Done {
  readonly experiments: number;
  readonly objects: number;
}

/** A check that goes on. */
export interface Checking {
  readonly options: CheckOptions;
  readonly done: { experiments: number; objects: number };
}
