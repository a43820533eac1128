import { isLife } from "../sync/plan.ts";
import { BusyError, messageOf } from "../base/errors.ts";
import { isIdV0, newId } from "../base/ids.ts";
import { isObject } from "../base/json.ts";
import { kindOfName } from "../format/kinds.ts";
import { MARKER_FILE } from "../format/names.ts";
import { placeOf } from "../format/place.ts";
import { writeAllSync } from "../fs/files.ts";
import { isGoing } from "../fs/changing_folder.ts";
import { RootFolder } from "../fs/root_folder.ts";
import { initRepository, openReader } from "../repo/open.ts";
import { pause } from "../repo/log_reader.ts";
import { tombstoneName } from "../format/tombstone.ts";
import { LocalStore } from "../store/local.ts";
import { GONE } from "../store/purge/tombstones.ts";
import type { FileEntry } from "../store/store.ts";
import { type Api, UnreachableError } from "./api.ts";
import { firstBytes } from "../store/remote/exchange.ts";
import type { RemoteStore } from "../store/remote/remote.ts";
import { SpoolLock } from "./spool_lock.ts";
import { ABOUT_FILE, dropIn } from "./spool_purge.ts";

/** Milliseconds between two looks at what was written. */
const LOOK_MS = 100;
/** Milliseconds to wait after trouble: the first time, and at most. */
const [PATIENCE, MOST] = [300, 15_000];
/** Milliseconds after which a server that says nothing counts as one that cannot be reached. */
const STALLED_MS = 60_000;
/** Bytes of a log in one request. */
const PIECE = 1024 * 1024;
/** Milliseconds between two signs that a process still writes here. */
const ALIVE_MS = 10_000;
/** Milliseconds that the end waits for a server that cannot be reached. */
const AWAY_MS = 3000;
const ALIVE_FILE = ".dbx/alive";

/** How a spool tells of itself. */
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
  /** How far each log is sent, and of other files that they are. */
  readonly #sent = new Map<string, number>();
  readonly #lost = new Set<string>();
  #loop: Promise<void> | undefined;
  #lock: SpoolLock | undefined;
  #aliveAt = -Infinity;
  #trouble: string | undefined;

  private constructor(
    readonly store: LocalStore,
    readonly api: Api,
    readonly remote: RemoteStore,
    options: SpoolOptions,
  ) {
    this.#options = options;
  }

  /** The absolute path of its folder. */
  get path(): string {
    return this.store.location;
  }

  /** Makes a spool for a server below a folder, and begins to send. Needs read and write permission there. */
  static async create(folder: string, api: Api, remote: RemoteStore, options: SpoolOptions = {}): Promise<Spool> {
    const path = `${folder}/${newId()}`;
    const { repository } = await initRepository(path);
    const store = repository.store as LocalStore;
    const spool = new Spool(store, api, remote, options);
    // Nobody takes it for a spool before the file that follows is there.
    store.folder.makeFolder(".dbx");
    spool.#lock = SpoolLock.wait(store.folder);
    await store.create(ABOUT_FILE, new TextEncoder().encode(JSON.stringify({ url: api.base, user: api.user }) + "\n"));
    spool.#alive();
    spool.start();
    return spool;
  }

  /** A spool that another process left behind; undefined where a process writes or sends it. To be closed with `leave`. */
  static open(path: string, api: Api, remote: RemoteStore, options: SpoolOptions = {}): Spool | undefined {
    const store = new LocalStore(path);
    let lock: SpoolLock | undefined;
    try {
      lock = SpoolLock.take(store.folder);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // Another process sent it, and it is gone.
    }
    if (lock === undefined) return undefined;
    const spool = new Spool(store, api, remote, options);
    spool.#lock = lock;
    return spool;
  }

  /** Goes on with a spool whose process died while its run goes on, and begins to send. */
  static resume(path: string, api: Api, remote: RemoteStore, options: SpoolOptions = {}): Spool {
    const spool = new Spool(new LocalStore(path), api, remote, options);
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

  /**
   * Waits until all that is written now is sent, at most so many milliseconds; then ends. Returns whether the server
   * holds everything, and the folder is gone. May be called once.
   */
  async close(milliseconds: number): Promise<boolean> {
    const done = await this.#drain(milliseconds);
    // Whoever comes next need not wait to see whether this process still writes here.
    if (!done) this.#tellAlive(0);
    this.leave();
    return done;
  }

  async #drain(milliseconds: number): Promise<boolean> {
    // A server that is away is not waited for as long as one that only has to catch up, or is busy.
    const away = performance.now() + Math.min(milliseconds, AWAY_MS);
    let late = this.#trouble === undefined ? performance.now() + milliseconds : away;
    this.#controller.abort();
    await within(Math.max(1, late - performance.now()), () => this.#loop ?? Promise.resolve()).catch(() => {});
    let patience = LOOK_MS;
    while (true) {
      try {
        const left = Math.max(1, late - performance.now());
        const moved = await within(left, (signal) => this.#round(signal));
        if (!moved) return await within(Math.max(1000, late - performance.now()), () => this.#finish(true));
        patience = LOOK_MS;
      } catch (error) {
        this.#trouble = messageOf(error);
        if (!isPassing(error)) return false;
        if (!(error instanceof BusyError)) late = Math.min(late, away);
        await pause(Math.min(patience *= 2, 2000, Math.max(0, late - performance.now())));
      }
      if (performance.now() >= late) return false;
    }
  }

  /** Sends everything once. Returns whether the server holds everything. `remove`: the folder is gone then. */
  async sendAll(signal: AbortSignal, remove: boolean): Promise<boolean> {
    while (await this.#round(signal));
    return await this.#finish(remove);
  }

  /** Whether the server holds all that is here, on its disk; the folder is removed then. */
  async #finish(remove: boolean): Promise<boolean> {
    if (this.#lost.size > 0) return false;
    const entries = await this.#entries();
    const names = entries.map(({ name }) => name);
    const logs = names.filter((name) => kindOfName(name) === "log");
    await this.api.call("flush", { json: { files: logs } });
    const extents = names.map((name) => ({ name }));
    const expected = this.store.prove(extents);
    const [own, theirs] = await Promise.all([expected, this.remote.prove(extents, { expected })]);
    for (const [at, name] of names.entries()) {
      if (own[at] === undefined) return false;
      // A log without a line is not sent.
      if (own[at].sha256 === theirs[at]?.sha256 || (own[at].whole === 0 && theirs[at] === undefined)) continue;
      // The end of a line that was cut off by a kill is no event, and is not sent.
      const { whole, size } = own[at];
      if (kindOfName(name) !== "log" || whole === size) return this.#differs(name);
      const extent = [{ name, length: whole }];
      const [[a], [b]] = [await this.store.prove(extent), await this.remote.prove(extent)];
      if (a?.sha256 === undefined || a.sha256 !== b?.sha256) return this.#differs(name);
    }
    if (!remove) return true;
    // A program that a run left behind may have written on meanwhile.
    const sizes = new Map(entries.map(({ name, size }) => [name, size]));
    const now = await this.#entries();
    if (now.length !== entries.length || now.some(({ name, size }) => sizes.get(name) !== size)) {
      this.#trouble = "it still grows";
      return false;
    }
    this.store.folder.removeAll();
    return true;
  }

  #differs(name: string): false {
    this.#sent.delete(name);
    this.#trouble = `the server's "${name}" is another one`;
    return false;
  }

  async #run(): Promise<void> {
    const { signal } = this.#controller;
    let patience = PATIENCE;
    while (!signal.aborted) {
      try {
        this.#alive();
        const moved = await within(STALLED_MS, (late) => this.#round(AbortSignal.any([signal, late])));
        if (this.#trouble !== undefined) this.#options.onMessage?.(`${this.api.base} is reached again`);
        this.#trouble = undefined;
        patience = PATIENCE;
        // When all is sent, the loop does not keep a script alive that has come to its end.
        await (moved ? pause(LOOK_MS, signal) : rest(2 * LOOK_MS, signal));
      } catch (error) {
        if (signal.aborted) return;
        if (this.#trouble === undefined) {
          this.#options.onMessage?.(`${messageOf(error)}; what is logged waits in ${this.path}, and is sent later`);
        }
        this.#trouble = messageOf(error);
        await rest(patience, signal);
        patience = Math.min(MOST, patience * 2);
      }
    }
  }

  /** Sends what is new, definitions first. Returns whether there was something. */
  async #round(signal: AbortSignal): Promise<boolean> {
    const entries = await this.#entries();
    let moved = false;
    const whole = entries.filter(({ name }) => kindOfName(name) !== "log" || isNotes(name)).sort(byRank);
    const fresh = whole.filter(({ name, size }) => !this.#lost.has(name) && this.#sent.get(name) !== size);
    if (fresh.length > 0) {
      const wants = fresh.map(({ name }) => ({ name, offset: Math.max(0, this.#sent.get(name) ?? 0) }));
      // An object is sent as a whole, or from where its beginning ended.
      const { setbacks } = await this.remote.take(this.store.give(wants, { signal }), { signal });
      const back = new Map(setbacks.map((setback) => [setback.name, setback]));
      for (const { name, size } of fresh) {
        const setback = back.get(name);
        if (setback === undefined) this.#sent.set(name, size);
        else if (setback.kind === "retry") this.#sent.set(name, setback.size ?? 0);
        else if (setback.message.includes(GONE) && await this.#dropPurged(name)) continue;
        else this.#lose(name, setback.message);
      }
      moved = true;
    }
    // The log that seals the others comes after them: a cut must not look like lost lines.
    for (const { name, size } of entries.toSorted((a, b) => Number(isLife(a.name)) - Number(isLife(b.name)))) {
      if (kindOfName(name) !== "log" || isNotes(name) || this.#lost.has(name)) continue;
      if (await this.#sendLog(name, size, signal)) moved = true;
    }
    return moved;
  }

  /** Sends the whole lines of a log that are new. */
  async #sendLog(name: string, size: number, signal: AbortSignal): Promise<boolean> {
    const place = placeOf(name);
    if (place?.kind !== "log") return false;
    const exp = place.experiment.slice(place.experiment.lastIndexOf("/") + 1);
    // With its experiment: a run of the same id in another one must not be in the way.
    const route = `runs/${exp}%2F${place.run}/logs/${encodeURIComponent(place.log)}`;
    let at = this.#sent.get(name) ?? (await this.remote.stat(name))?.size ?? 0;
    let moved = false;
    for (let length = PIECE; at < size;) {
      const bytes = await this.store.read(name, { offset: at, length: Math.min(length, size - at) });
      const end = bytes.lastIndexOf(10) + 1;
      if (end === 0) {
        if (bytes.length < length) break; // A line that is still being written.
        length *= 2;
        continue;
      }
      const body = bytes.subarray(0, end);
      const response = await this.api.send(route, { body, search: { offset: at, copy: 1 }, signal });
      if (response.ok) {
        await response.body?.cancel();
        at += end;
        moved = true;
      } else if (response.status === 416) {
        // The server has less than it had: it lost its disk's last moments, or its repository.
        const json: unknown = JSON.parse(new TextDecoder().decode(await firstBytes(response, 64 * 1024)));
        const there = isObject(json) ? Number(json.size) : NaN;
        if (!(there < at)) throw this.api.nonsense();
        at = there;
      } else if (response.status === 409) {
        this.#lose(name, (await this.api.errorOf(response)).message);
        return moved;
      } else {
        const error = await this.api.errorOf(response);
        if (response.status === 404 && await this.#dropPurged(name)) return moved;
        throw error;
      }
      length = PIECE;
    }
    this.#sent.set(name, at);
    return moved;
  }

  #lose(name: string, why: string): void {
    this.#lost.add(name);
    this.#options.onMessage?.(`Cannot send "${name}": ${why}; it stays in ${this.path}`);
  }

  /** Drops what the server has purged: it is never taken. Whether it is so. */
  async #dropPurged(name: string): Promise<boolean> {
    const purged: string[] = [];
    for (const id of new Set(name.split("/").filter(isIdV0))) {
      if (await this.remote.stat(tombstoneName(id)) !== undefined) purged.push(id);
    }
    if (purged.length === 0 || !await dropIn(this.store, purged)) return false;
    this.#options.onMessage?.(`${purged.join(", ")} was purged at ${this.api.base}; what waited to be sent is dropped`);
    return true;
  }

  async #entries(): Promise<FileEntry[]> {
    const entries: FileEntry[] = [];
    for await (const batch of this.store.inventory()) {
      for (const entry of batch) {
        const isOwn = entry.name === MARKER_FILE || kindOfName(entry.name) === "tombstone";
        if (!isOwn && !entry.partial) entries.push(entry);
      }
    }
    return entries;
  }

  #alive(): void {
    if (performance.now() - this.#aliveAt < ALIVE_MS) return;
    this.#aliveAt = performance.now();
    this.#tellAlive(Date.now());
  }

  #tellAlive(time: number): void {
    try {
      using file = this.store.folder.open(ALIVE_FILE, { write: true, create: true, truncate: true });
      writeAllSync(file, new TextEncoder().encode(`${time}\n`));
    } catch {
      // It is a help for others only.
    }
  }
}

/** A spool that is on the disk. */
export interface KeptSpool {
  readonly path: string;
  readonly url: string;
  /** For whose token it was begun; undefined: without one. */
  readonly user?: string;
  /** Whether a process of dbx writes or sends it. */
  readonly isAlive: boolean;
  /** Whether every run in it has ended. Where one has not, its program may live on, and write to it. */
  readonly hasEnded: boolean;
  /** Milliseconds since the Unix epoch: the last sign of life. */
  readonly aliveAt: number;
  /** Milliseconds since the Unix epoch: when something was last written there. */
  readonly changedAt: number;
}

/** The spools below a folder. */
export async function keptSpools(folder: string, now: number): Promise<KeptSpool[]> {
  const found: KeptSpool[] = [];
  let entries: Deno.DirEntry[];
  try {
    entries = new RootFolder(folder).list("");
  } catch {
    return found;
  }
  for (const { name, isDirectory } of entries) {
    const path = `${folder}/${name}`;
    if (!isDirectory) continue;
    const root = new RootFolder(path);
    if (isGoing(name)) {
      // A kill left it; all of it is on the server.
      if (SpoolLock.isHeld(root) !== true) root.removeAll();
      continue;
    }
    try {
      const about: unknown = JSON.parse(root.readText(ABOUT_FILE));
      if (!isObject(about) || typeof about.url !== "string") continue;
      const aliveAt = Number(root.readText(ALIVE_FILE).trim()) || 0;
      const repository = await openReader(path);
      let hasEnded = true;
      let changedAt = aliveAt;
      for await (const experiment of repository.experiments()) {
        for (const run of await experiment.runs()) {
          hasEnded &&= (await run.status(now)).endedAt !== undefined;
          for (const log of await run.logs()) {
            const stat = await repository.store.stat(run.log(log).file);
            changedAt = Math.max(changedAt, stat?.modifiedAt ?? 0);
          }
        }
      }
      const isAlive = SpoolLock.isHeld(root) ?? now - aliveAt < 3 * ALIVE_MS;
      const user = typeof about.user === "string" ? about.user : undefined;
      found.push({ path, url: about.url, user, isAlive, hasEnded, aliveAt, changedAt });
    } catch {
      // It is being made or removed at this moment.
    }
  }
  return found;
}

/** Waits as `pause` does, but keeps no process alive. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    Deno.unrefTimer(timer as unknown as number);
    signal.addEventListener("abort", done, { once: true });
  });
}

function isNotes(name: string): boolean {
  return /\/notes\/[^/]+$/.test(name);
}

/** Definitions before logs of notes, and objects last. */
function byRank({ name: a }: FileEntry, { name: b }: FileEntry): number {
  const rank = (
    name: string,
  ) => (name.startsWith("objects/") ? 3 : isNotes(name) ? 2 : name.includes("/runs/") ? 1 : 0);
  return rank(a) - rank(b);
}

/** Does some work for so many milliseconds at most; what goes on then is left to itself. */
async function within<T>(milliseconds: number, work: (late: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const late = new UnreachableError("the server does not answer");
    controller.abort(late);
    reject(late);
  }, milliseconds);
  const working = work(controller.signal);
  working.catch(() => {}); // It may fail after nobody waits for it any more.
  try {
    return await Promise.race([working, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether another try may help. */
function isPassing(error: unknown): boolean {
  return error instanceof UnreachableError || error instanceof TypeError || error instanceof DOMException;
}
