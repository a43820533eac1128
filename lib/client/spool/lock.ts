import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";

const LOCK_FILE = `${LOCAL_FOLDER}/lock`;

/**
 * Held by the process that writes or sends a spool, as long as that lives: asleep or stopped it still holds it, and when
 * it dies the system takes it away.
 */
export class SpoolLock implements Disposable {
  readonly #file: Deno.FsFile;

  private constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /**
   * Takes the lock of a spool (its root); undefined where another process has it. Where nothing can be locked, the
   * heartbeats have to do, which the listing of spools looks at.
   */
  static take(spool: RootFolder): SpoolLock | undefined {
    const file = spool.open(LOCK_FILE, { read: true, write: true, create: true });
    try {
      if (tryLock(file)) return new SpoolLock(file);
    } catch {
      return new SpoolLock(file);
    }
    file.close();
    return undefined;
  }

  /** Takes the lock of a spool that was just made, which others may look at for a moment. */
  static wait(spool: RootFolder): SpoolLock {
    const file = spool.open(LOCK_FILE, { read: true, write: true, create: true });
    try {
      file.lockSync(true);
    } catch {
      // A file system without locks: the signs of life have to do.
    }
    return new SpoolLock(file);
  }

  /** Whether a process has the lock; undefined if that is unknown. */
  static isHeld(spool: RootFolder): boolean | undefined {
    try {
      using file = spool.open(LOCK_FILE, { read: true });
      return !tryLock(file);
    } catch {
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    try {
      this.#file.close();
    } catch {
      // It is closed already.
    }
  }
}

/** Takes a lock without waiting. Throws if files cannot be locked: on some file systems, and in runtimes before 2.7. */
function tryLock(file: Deno.FsFile): boolean {
  if (typeof file.tryLockSync !== "function") throw new Deno.errors.NotSupported("this runtime has no tryLockSync");
  return file.tryLockSync(true);
}
