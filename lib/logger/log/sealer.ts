import { logFile, logFileName, logNameOf } from "../../format/layout/names.ts";
import type { Seal } from "../../format/events/seal.ts";
import { listBelow } from "../../fs/folders/open_below.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { FollowedLog } from "./followed_log.ts";
import type { LogWriter } from "./log_writer.ts";

/** Logs of others that are held open: a run of many processes must not run out of files. */
const MAX_FOLLOWED = 100;

/**
 * Says what the logs of a run hold. Logs that this process writes are hashed as they are written; those of others (the
 * child's, through `DBX_LOG`) are read from where the last look ended.
 */
export class Sealer implements Disposable {
  readonly #sealed = new Map<string, number>();
  readonly #followed = new Map<string, FollowedLog>();

  /** `folder`: the absolute path of the run's folder. `writers`: by the name of the log. `root`: as for `RunFiles`. */
  constructor(
    readonly folder: string,
    readonly writers: ReadonlyMap<string, LogWriter>,
    readonly root?: RootFolder,
  ) {}

  /** Looks whether the logs that others write still exist, and repairs that. Yields the files that were removed. */
  *look(): Generator<string, void> {
    for (const log of this.#names()) {
      if (this.writers.has(log)) continue;
      try {
        if (this.#follow(log)?.look()) yield logFileName(log);
      } catch {
        // The next look tries again.
      }
    }
  }

  /**
   * Seals of the logs that grew since the last call, but for the log `dbx`. `budget`: bytes of others' logs that may be
   * read now; the rest is read by the next call.
   */
  *grown(budget: number): Generator<Seal, void> {
    for (const log of this.#names()) {
      const before = this.#sealed.get(log) ?? 0;
      let seal = this.writers.get(log)?.seal();
      if (seal === undefined) {
        if (budget <= 0) continue;
        try {
          seal = this.#follow(log)?.seal(budget);
        } catch {
          // It is gone, or may not be read.
        }
        budget -= Math.max(0, (seal?.size ?? 0) - before);
      }
      if (seal === undefined || seal.size === before) continue;
      this.#sealed.set(log, seal.size);
      yield { log, size: seal.size, sha256: seal.sha256 };
    }
  }

  [Symbol.dispose](): void {
    for (const followed of this.#followed.values()) followed[Symbol.dispose]();
    this.#followed.clear();
  }

  /** The names of the run's logs, but for `dbx`. */
  #names(): string[] {
    const names = new Set([...this.writers.keys(), ...this.#followed.keys()]);
    try {
      for (const { name, isFile } of listBelow(this.root, this.folder)) {
        const log = isFile ? logNameOf(name) : undefined;
        if (log !== undefined) names.add(log);
      }
    } catch {
      // Those that are known are enough.
    }
    names.delete("dbx");
    return [...names].sort();
  }

  #follow(log: string): FollowedLog | undefined {
    const known = this.#followed.get(log);
    if (known !== undefined) return known;
    if (this.#followed.size >= MAX_FOLLOWED) return undefined;
    const followed = FollowedLog.open(logFile(this.folder, log), this.root);
    this.#followed.set(log, followed);
    return followed;
  }
}
