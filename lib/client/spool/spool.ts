import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { BusyError, isTransient, messageOf, RefusedError } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import { initRepository } from "../../repo/open.ts";
import { pause } from "../../base/time.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { RemoteStore } from "../store/remote_store.ts";
import { ALIVE_MS, writeHeartbeat } from "./alive.ts";
import { SpoolLock } from "./lock.ts";
import { rest, withTimeout } from "./timing.ts";
import { ABOUT_FILE } from "./purge.ts";
import { SpoolSending } from "./sending.ts";

/** Milliseconds between two looks at what was written. */
const LOOK_MS = 100;
/** Milliseconds to wait after trouble: the first time, and at most. */
const [INITIAL_BACKOFF_MS, MAX_BACKOFF_MS] = [300, 15_000];
/** Milliseconds after which a server that says nothing counts as one that cannot be reached. */
const STALLED_MS = 60_000;
/** Milliseconds that the end waits for a server that cannot be reached. */
const AWAY_MS = 3000;

/** What a spool says about itself. */
export interface SpoolOptions {
  /** Told once of each trouble that lasts, and of its end. */
  readonly onMessage?: (message: string) => void;
}

/**
 * A repository of its own in a folder, where a run is logged that belongs to a server: what is written there is sent on
 * as it comes. The training waits for its own disk only. What a dead server, a lost network or a kill leaves here stays,
 * and is sent later; a second sending changes nothing. When the server has proven that it holds all of it, the folder is
 * removed.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #controller = new AbortController();
  readonly #sending: SpoolSending;
  #loop: Promise<void> | undefined;
  #lock: SpoolLock | undefined;
  #aliveAt = -Infinity;
  #trouble: string | undefined;
  #isRefused = false;

  private constructor(
    readonly store: LocalStore,
    readonly remote: RemoteStore,
    options: SpoolOptions,
  ) {
    this.#options = options;
    this.#sending = new SpoolSending(store, remote, (message) => options.onMessage?.(message));
  }

  /** The absolute path of its folder. */
  get path(): string {
    return this.store.location;
  }

  /** Makes a spool for a server below a folder, and begins to send. Needs read and write permission there. */
  static async create(folder: string, remote: RemoteStore, options: SpoolOptions = {}): Promise<Spool> {
    const path = `${folder}/${newId()}`;
    const { repository } = await initRepository(path);
    const store = repository.store as LocalStore;
    const spool = new Spool(store, remote, options);
    // It does not count as a spool before the next file exists.
    store.folder.makeFolder(LOCAL_FOLDER);
    spool.#lock = SpoolLock.wait(store.folder);
    const { base, user } = remote.client;
    await store.create(ABOUT_FILE, new TextEncoder().encode(JSON.stringify({ url: base, user }) + "\n"));
    spool.#alive();
    spool.start();
    return spool;
  }

  /** A spool that another process left behind; undefined where a process writes or sends it. To be closed with `leave`. */
  static open(path: string, remote: RemoteStore, options: SpoolOptions = {}): Spool | undefined {
    const store = new LocalStore(path);
    let lock: SpoolLock | undefined;
    try {
      lock = SpoolLock.take(store.folder);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // Another process sent it, and it is gone.
    }
    if (lock === undefined) return undefined;
    const spool = new Spool(store, remote, options);
    spool.#lock = lock;
    return spool;
  }

  /** Goes on with a spool whose process died while its run goes on, and begins to send. */
  static resume(path: string, remote: RemoteStore, options: SpoolOptions = {}): Spool {
    const spool = new Spool(new LocalStore(path), remote, options);
    spool.#lock = SpoolLock.wait(spool.store.folder);
    spool.#alive();
    spool.start();
    return spool;
  }

  /** Lets another process have it. */
  leave(): void {
    this.#lock?.[Symbol.dispose]();
    this.#lock = undefined;
  }

  /** Sends what is written until it is closed. */
  start(): void {
    this.#loop ??= this.#run();
  }

  /** Why nothing can be sent at present. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Whether that is that this token may not send it, so that waiting does not help. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /**
   * Waits until all that is written now is sent, at most so many milliseconds from the last piece of a large file; then ends. Returns whether the server
   * holds everything, and the folder is gone. May be called once.
   */
  async close(milliseconds: number): Promise<boolean> {
    const done = await this.#drain(milliseconds);
    // The next process need not wait to see whether this one still writes here.
    if (!done) writeHeartbeat(this.store.folder, 0);
    this.leave();
    return done;
  }

  async #drain(milliseconds: number): Promise<boolean> {
    // A server that is away is not waited for as long as one that only has to catch up, or is busy.
    const away = performance.now() + Math.min(milliseconds, AWAY_MS);
    let late = this.#trouble === undefined ? performance.now() + milliseconds : away;
    this.#controller.abort();
    await withTimeout(Math.max(1, late - performance.now()), () => this.#loop ?? Promise.resolve()).catch(() => {});
    let backoff = LOOK_MS;
    while (true) {
      try {
        const left = Math.max(1, late - performance.now());
        const moved = await withTimeout(left, (signal) => this.#sending.sendPending(signal));
        // A large file takes as long as it comes further.
        if (this.#sending.isMoving) late = performance.now() + milliseconds;
        if (!moved) return await withTimeout(Math.max(1000, late - performance.now()), () => this.#finish(true));
        backoff = LOOK_MS;
      } catch (error) {
        this.#setTrouble(error);
        if (!isTransient(error)) return false;
        if (!(error instanceof BusyError)) late = Math.min(late, away);
        await pause(Math.min(backoff *= 2, 2000, Math.max(0, late - performance.now())));
      }
      if (performance.now() >= late) return false;
    }
  }

  /** Sends everything once. Returns whether the server holds everything. `remove`: the folder is gone then. */
  async sendAll(signal: AbortSignal, remove: boolean): Promise<boolean> {
    while (await this.#sending.sendPending(signal));
    return await this.#finish(remove);
  }

  /** Whether the server holds all that is here, on its disk; the folder is removed then. */
  async #finish(remove: boolean): Promise<boolean> {
    if (this.#sending.hasLost) return false;
    const entries = await this.#sending.entries();
    const names = entries.map(({ name }) => name);
    const logs = names.filter((name) => classifyPath(name) === "log");
    await this.remote.client.call("flush", { json: { files: logs } });
    // The server has compared the bytes of an object with its name: to see that it is there is enough.
    const extents = names.map((name) => classifyPath(name) === "object" ? { name, length: 0 } : { name });
    const expected = this.store.hashPrefixes(extents);
    const [own, theirs] = await Promise.all([expected, this.remote.hashPrefixes(extents, { expected })]);
    for (const [at, name] of names.entries()) {
      if (own[at] === undefined) return false;
      if (classifyPath(name) === "object" && own[at].size !== theirs[at]?.size) return this.#differs(name);
      // A log without a line is not sent.
      if (own[at].sha256 === theirs[at]?.sha256 || (own[at].lastLineEnd === 0 && theirs[at] === undefined)) continue;
      // The end of a line that was cut off by a kill is not an event, and is not sent.
      const { lastLineEnd: whole, size } = own[at];
      if (classifyPath(name) !== "log" || whole === size) return this.#differs(name);
      const extent = [{ name, length: whole }];
      const [[a], [b]] = [await this.store.hashPrefixes(extent), await this.remote.hashPrefixes(extent)];
      if (a?.sha256 === undefined || a.sha256 !== b?.sha256) return this.#differs(name);
    }
    if (!remove) return true;
    // A program that a run left behind may have written on meanwhile.
    const sizes = new Map(entries.map(({ name, size }) => [name, size]));
    const now = await this.#sending.entries();
    if (now.length !== entries.length || now.some(({ name, size }) => sizes.get(name) !== size)) {
      this.#trouble = "it still grows";
      return false;
    }
    this.store.folder.removeAll();
    return true;
  }

  #setTrouble(error: unknown): void {
    this.#trouble = messageOf(error);
    this.#isRefused = error instanceof RefusedError;
  }

  #differs(name: string): false {
    this.#sending.forget(name);
    this.#trouble = `the server's "${name}" is a different one`;
    return false;
  }

  async #run(): Promise<void> {
    const { signal } = this.#controller;
    let backoff = INITIAL_BACKOFF_MS;
    while (!signal.aborted) {
      try {
        this.#alive();
        const moved = await withTimeout(
          STALLED_MS,
          (late) => this.#sending.sendPending(AbortSignal.any([signal, late])),
        );
        if (this.#trouble !== undefined) this.#options.onMessage?.(`${this.remote.client.base} can be reached again`);
        this.#trouble = undefined;
        this.#isRefused = false;
        backoff = INITIAL_BACKOFF_MS;
        // When all is sent, the loop does not keep a script alive that has come to its end.
        await (moved ? pause(LOOK_MS, signal) : rest(2 * LOOK_MS, signal));
      } catch (error) {
        if (signal.aborted) return;
        if (this.#trouble === undefined) {
          const when = error instanceof RefusedError ? "sent only with a token that may write" : "sent later";
          this.#options.onMessage?.(`${messageOf(error)}; events are stored in ${this.path} and ${when}`);
        }
        this.#setTrouble(error);
        await rest(backoff, signal);
        backoff = Math.min(MAX_BACKOFF_MS, backoff * 2);
      }
    }
  }

  #alive(): void {
    if (performance.now() - this.#aliveAt < ALIVE_MS) return;
    this.#aliveAt = performance.now();
    writeHeartbeat(this.store.folder, Date.now());
  }
}
