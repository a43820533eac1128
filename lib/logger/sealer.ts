import { logFileName, logNameOf } from "../format/names.ts";
import type { Seal } from "../format/seal.ts";
import type { RootFolder } from "../fs/root_folder.ts";
import { readUpTo } from "../store/whole_end.ts";
import type { LogWriter } from "./log_writer.ts";
import { RunningHash } from "./running_hash.ts";

const PIECE = 1024 * 1024;
const NEWLINE = 10;

/** How far a log that others write was read. */
interface Followed {
  ino: number | null;
  size: number;
  hash: RunningHash;
}

/**
 * Says what the logs of a run hold. Logs that this process writes are hashed as they are written; those of others (the
 * child's, through `DBX_LOG`) are read from where the last look ended.
 */
export class Sealer {
  readonly #sealed = new Map<string, number>();
  readonly #followed = new Map<string, Followed>();

  /** `folder`: the absolute path of the run's folder. `writers`: by the name of the log. `root`: as for `RunFiles`. */
  constructor(
    readonly folder: string,
    readonly writers: ReadonlyMap<string, LogWriter>,
    readonly root?: RootFolder,
  ) {}

  /**
   * Seals of the logs that grew since the last call, but for the log `dbx`. `budget`: bytes of others' logs that may be
   * read now; the rest is read by the next call.
   */
  *grown(budget: number): Generator<Seal, void> {
    for (const log of this.#names()) {
      const own = this.writers.get(log)?.seal();
      if (own === undefined && budget <= 0) continue;
      const seal = own ?? this.#follow(log, budget);
      if (seal === undefined || seal.size === (this.#sealed.get(log) ?? 0)) continue;
      if (own === undefined) budget -= seal.size - (this.#sealed.get(log) ?? 0);
      this.#sealed.set(log, seal.size);
      yield { log, size: seal.size, sha256: seal.sha256 };
    }
  }

  /** The names of the run's logs, but for `dbx`. */
  #names(): string[] {
    const names = new Set(this.writers.keys());
    try {
      for (const { name, isFile } of Deno.readDirSync(this.folder)) {
        const log = isFile ? logNameOf(name) : undefined;
        if (log !== undefined) names.add(log);
      }
    } catch {
      // Those that are known are enough.
    }
    names.delete("dbx");
    return [...names].sort();
  }

  #follow(log: string, budget: number): { readonly size: number; readonly sha256: string } | undefined {
    try {
      const path = `${this.folder}/${logFileName(log)}`;
      using file = this.root?.open(path.slice(this.root.path.length + 1)) ?? Deno.openSync(path);
      const { size, ino } = file.statSync();
      let followed = this.#followed.get(log);
      if (followed === undefined || followed.ino !== ino || followed.size > size) {
        followed = { ino, size: 0, hash: new RunningHash() };
        this.#followed.set(log, followed);
      }
      const { hash } = followed;
      const end = Math.min(size, followed.size + budget);
      for (let length = PIECE; followed.size < size;) {
        file.seekSync(followed.size, Deno.SeekMode.Start);
        const piece = readUpTo(file, Math.min(length, size - followed.size));
        const whole = piece.lastIndexOf(NEWLINE) + 1;
        if (whole === 0 && piece.length < length) break; // A line that is still being written.
        if (whole === 0) length *= 2;
        hash.update(piece.subarray(0, whole));
        followed.size += whole;
        if (followed.size >= end) break;
      }
      return { size: followed.size, sha256: hash.digest() };
    } catch {
      return undefined; // It is gone, or may not be read.
    }
  }
}
