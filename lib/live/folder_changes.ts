import { LOCAL_FOLDER } from "../format/layout/names.ts";

/** Tells that a repository may have changed. */
export interface Changes {
  /** Has a function called soon after each change, until the signal aborts. */
  watch(onChange: () => void, signal: AbortSignal): void;
}

/** Milliseconds between two looks where the system does not report changes, and where there are many folders. */
const POLL_MS = 100;
const LARGE_POLL_MS = 1000;
/** Of more folders the system is not asked to watch them: it takes seconds, and of what a user may watch others need some. */
const MAX_WATCHED_FOLDERS = 50_000;
/** A folder that was just made may have been filled before the system watched it: look again after so many milliseconds. */
const AGAIN_MS = [60, 400];

/**
 * The changes of a folder: what the system reports (any process may write there), and calls of `notify`. Where the
 * system cannot watch it (a network, for one), a change is reported every 100 ms, true or not; of very many folders
 * every second. Needs read permission.
 */
export class FolderChanges implements Changes {
  readonly #listeners = new Set<() => void>();
  #watcher: Deno.FsWatcher | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `path`: absolute. What is below `.dbx` in it does not count. `countFolders`: how many there are in it, as far as is known. */
  constructor(readonly path: string, readonly countFolders: () => number = () => 0) {}

  watch(onChange: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(onChange);
    signal.addEventListener("abort", () => {
      this.#listeners.delete(onChange);
      if (this.#listeners.size === 0) this.#end();
    }, { once: true });
    if (this.#listeners.size === 1) this.#begin();
  }

  /** Reports a change. */
  notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #begin(): void {
    if (this.countFolders() > MAX_WATCHED_FOLDERS) return this.#poll(LARGE_POLL_MS);
    try {
      const watcher = Deno.watchFs(this.path, { recursive: true });
      this.#watcher = watcher;
      void this.#readEvents(watcher);
    } catch {
      this.#poll();
    }
  }

  async #readEvents(watcher: Deno.FsWatcher): Promise<void> {
    const own = `${this.path}/${LOCAL_FOLDER}`;
    try {
      for await (const { kind, paths } of watcher) {
        if (kind === "access" || paths.every((path) => path === own || path.startsWith(`${own}/`))) continue;
        this.notify();
        if (kind === "create") {
          for (const ms of AGAIN_MS) Deno.unrefTimer(setTimeout(() => this.notify(), ms) as never);
        }
      }
    } catch {
      // The folder is gone, or there is too much to report.
    }
    if (this.#watcher === watcher) this.#poll();
  }

  #poll(ms = POLL_MS): void {
    this.#timer ??= setInterval(() => this.notify(), ms);
  }

  #end(): void {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    try {
      watcher?.close();
    } catch {
      // It ended by itself.
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
