import { isAbsent } from "../../../fs/files/file_operations.ts";
import { parentOf } from "../../../base/paths.ts";
import { Yielder } from "../../../base/yielder.ts";
import { DamageError, DbxError } from "../../../base/errors.ts";
import { systemCode } from "../../../fs/disk_error.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import { askFirst, growLog } from "./grow_log.ts";
import type { WriteGuard } from "../../write_guard.ts";
import { checkNotPurged } from "../purge/tombstones.ts";

/** What became of an extension. */
export interface Extended {
  /** Bytes that the log has now. */
  readonly size: number;
  /** Bytes that were new. */
  readonly added: number;
}

/** The log does not reach to where an extension begins. */
export class GapError extends DbxError {
  override name = "GapError";
  constructor(message: string, readonly size: number) {
    super(message);
  }
}

/** Files that are held open. */
const MAX_OPEN_FILES = 64;

/** The system's error of a process that has too many files open. */
const TOO_MANY_OPEN = 24;

/**
 * Extends logs of a folder by whole lines, idempotently: what is there already is compared, and only what follows is
 * written. Logs that grow often are held open. Needs read and write permission on the folder.
 */
export class LogAppender implements Disposable {
  readonly #files = new Map<string, Deno.FsFile>();

  constructor(readonly root: RootFolder) {}

  /**
   * Bytes, which end with a line feed, from an offset; undefined: at the end, whatever that is. `path` is absolute, and below
   * the root. `guard`: decides over what the log will then hold.
   */
  extend(path: string, offset: number | undefined, bytes: Uint8Array, guard?: WriteGuard): Extended {
    const name = this.#nameOf(path);
    guard?.begin(name);
    let isAsked = false;
    const file = this.#open(path, () => {
      if (offset !== undefined && offset > 0) throw gap(offset, 0);
      if (guard === undefined) return;
      askFirst(guard, name, bytes);
      isAsked = true;
    });
    file.lockSync(true);
    try {
      // It opens another file before it writes.
      const growth = this.#withRoom(
        path,
        () => growLog(file, { name, offset, bytes, guard, isAsked, root: this.root }),
      );
      const { kind, size } = growth;
      if (kind === "gap") throw gap(offset ?? size, size);
      if (kind === "grown") return { size, added: growth.added };
      throw new DamageError(`Cannot extend the log at ${growth.at}: it has different bytes there`, {
        offset: growth.at,
      });
    } finally {
      file.unlockSync();
    }
  }

  /** Has the disk keep logs that were extended. Gives way to others between them; rejects when the signal aborts. */
  async flush(paths: Iterable<string>, signal?: AbortSignal): Promise<void> {
    const yielder = new Yielder(signal, { everyMs: 10 });
    for (const path of new Set(paths)) {
      await yielder.checkpoint();
      try {
        const held = this.#files.get(path);
        if (held !== undefined) held.syncSync();
        else {
          using file = this.root.open(this.#nameOf(path), { read: true, write: true });
          await file.sync();
        }
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }

  #nameOf(path: string): string {
    return path.slice(this.root.path.length + 1);
  }

  /** `beforeMaking`: throws where a log that is not there is not to be made. */
  #open(path: string, beforeMaking: () => void): Deno.FsFile {
    const known = this.#files.get(path);
    if (known !== undefined) {
      this.#files.delete(path);
      // Another process may have removed it, such as a garbage collection.
      if (known.statSync().nlink !== 0) {
        this.#files.set(path, known);
        return known;
      }
      known.close();
    }
    const name = this.#nameOf(path);
    checkNotPurged(this.root, name);
    if (this.root.lstat(name) === undefined) beforeMaking();
    this.root.makeFolder(parentOf(name));
    const file = this.#withRoom(path, () => this.root.open(name, { read: true, append: true, create: true }));
    this.#files.set(path, file);
    if (this.#files.size > MAX_OPEN_FILES) this.#closeOldest();
    return file;
  }

  /** Does something that opens files. Where too many are open, those that are held for others are closed, one after another. */
  #withRoom<T>(path: string, work: () => T): T {
    while (true) {
      try {
        return work();
      } catch (error) {
        if (systemCode(error) !== TOO_MANY_OPEN || !this.#closeOldest(path)) throw error;
      }
    }
  }

  #closeOldest(except?: string): boolean {
    const oldest = this.#files.entries().find(([path]) => path !== except);
    if (oldest === undefined) return false;
    const [path, file] = oldest;
    file.close();
    return this.#files.delete(path);
  }
}

function gap(offset: number, size: number): GapError {
  return new GapError(`Cannot extend the log at ${offset}: it has ${size} bytes; send the bytes in between`, size);
}
