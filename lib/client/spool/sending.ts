import { lastSegment } from "../../base/paths.ts";
import { RUNS_FOLDER } from "../../format/layout/names.ts";
import { isLifeLog, isNotesFile } from "../../format/layout/name_tests.ts";
import { NotFoundError } from "../../base/errors.ts";
import { routeTo } from "../../protocol/route_table.ts";
import { LinePieces } from "../../base/lines/line_pieces.ts";
import { isIdV0 } from "../../base/ids.ts";
import { isObject } from "../../base/json.ts";
import { parsePath } from "../../format/layout/parse_path.ts";
import { tombstoneName } from "../../format/layout/tombstone.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import { GONE } from "../../store/local/purge/tombstones.ts";
import { firstBytes } from "../http/exchange.ts";
import type { RemoteStore } from "../store/remote_store.ts";
import type { FileEntry, FileIssue } from "../../store/store.ts";
import { isLarge } from "./large_objects.ts";
import { dropIn } from "./purge.ts";

/** Bytes of a log in one request. */
const PIECE = 1024 * 1024;

/** Bytes of one piece of a large object. */
const SLICE = 4 * 1024 * 1024;

/** Milliseconds after which the logs have their turn again. */
const TURN_MS = 2000;

/** Sends what is written to a spool, and remembers how far each file is sent. */
export class SpoolSending {
  /** How far each log is sent, and of other files that they are. */
  readonly #sent = new Map<string, number>();
  readonly #lost = new Set<string>();
  /** Whether a large object came further in the last turn. */
  isMoving = false;

  /** `onMessage`: called once for each file that the server does not take, and for what was purged there. */
  constructor(
    readonly store: LocalStore,
    readonly remote: RemoteStore,
    readonly onMessage: (message: string) => void,
  ) {}

  /** Whether there are files that the server does not take. */
  get hasLost(): boolean {
    return this.#lost.size > 0;
  }

  /** Has a file sent again, from its beginning. */
  forget(name: string): void {
    this.#sent.delete(name);
  }

  /** Sends new data, definitions first. Returns whether there was something. */
  async sendPending(signal: AbortSignal): Promise<boolean> {
    const entries = await this.entries();
    let moved = false;
    const whole = entries.filter(({ name, kind }) => kind !== "log" || isNotesFile(name)).sort(byRank);
    const news = whole.filter(({ name, size }) => !this.#lost.has(name) && this.#sent.get(name) !== size);
    const isSliced = ({ kind, size }: FileEntry) => kind === "object" && isLarge(size);
    const fresh = news.filter((entry) => !isSliced(entry));
    if (fresh.length > 0) {
      const wants = fresh.map(({ name }) => ({ name, offset: Math.max(0, this.#sent.get(name) ?? 0) }));
      // An object is sent as a whole, or from where its beginning ended.
      const { setbacks } = await this.remote.writeMany(this.store.readMany(wants, { signal }), { signal });
      const back = new Map(setbacks.map((setback) => [setback.name, setback]));
      for (const { name, size } of fresh) await this.#note(name, size, back.get(name));
      moved = true;
    }
    // The log that seals the others comes after them: a cut must not look like lost lines.
    for (
      const { name, kind, size } of entries.toSorted((a, b) => Number(isLifeLog(a.name)) - Number(isLifeLog(b.name)))
    ) {
      if (kind !== "log" || isNotesFile(name) || this.#lost.has(name)) continue;
      if (await this.#sendLog(name, size, signal)) moved = true;
    }
    this.isMoving = await this.#sendLarge(news.filter(isSliced), signal);
    return moved || this.isMoving;
  }

  /** Sends what there is time for of large objects. Whether there was something. */
  async #sendLarge(objects: readonly FileEntry[], signal: AbortSignal): Promise<boolean> {
    const start = performance.now();
    for (const { name, size } of objects) {
      while (!this.#lost.has(name) && this.#sent.get(name) !== size) {
        if (performance.now() - start > TURN_MS) return true;
        const offset = this.#sent.get(name) ?? 0;
        const bytes = await this.#slice(name, offset);
        if (bytes === undefined) break;
        const end = offset + bytes.length;
        const chunks = ReadableStream.from([[{ name, offset, bytes, end: end >= size, size }]]);
        const { setbacks: [setback] } = await this.remote.writeMany(chunks, { signal });
        await this.#note(name, end, setback);
      }
    }
    return objects.length > 0;
  }

  /** The next bytes of an object; undefined where it was dropped, as nothing keeps it any longer. */
  async #slice(name: string, offset: number): Promise<Uint8Array | undefined> {
    try {
      return await this.store.read(name, { offset, length: SLICE });
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  /** Remembers up to which byte a file is sent, or what became of it. */
  async #note(name: string, end: number, setback: FileIssue | undefined): Promise<void> {
    if (setback === undefined) this.#sent.set(name, end);
    else if (setback.kind === "retry") this.#sent.set(name, setback.size ?? 0);
    else if (setback.message.includes(GONE) && await this.#dropPurged(name)) return;
    else this.#markRejected(name, setback.message);
  }

  /** Sends the whole lines of a log that are new. */
  async #sendLog(name: string, size: number, signal: AbortSignal): Promise<boolean> {
    const place = parsePath(name);
    if (place?.kind !== "log") return false;
    const exp = lastSegment(place.experiment);
    // With its experiment: a run of the same id in another one must not be in the way.
    const route = routeTo("add_to_log", { run: `${exp}/${place.run}`, log: place.log });
    const offset = this.#sent.get(name) ?? (await this.remote.stat(name))?.size ?? 0;
    const pieces = new LinePieces({ offset, size, length: PIECE });
    let moved = false;
    for (let next = pieces.next; next !== undefined; next = pieces.next) {
      const body = pieces.take(await this.store.read(name, next));
      if (body === undefined) continue;
      const search = { offset: next.offset, copy: 1 };
      const response = await this.remote.client.send(route, { body, search, signal });
      if (response.ok) {
        await response.body?.cancel();
        moved = true;
      } else if (response.status === 416) {
        // The server has less than it had: it lost its disk's last moments, or its repository.
        const json: unknown = JSON.parse(new TextDecoder().decode(await firstBytes(response, 64 * 1024)));
        const there = isObject(json) ? Number(json.size) : NaN;
        if (!(there < next.offset)) throw this.remote.client.protocolError();
        pieces.goTo(there);
      } else if (response.status === 409) {
        this.#markRejected(name, (await this.remote.client.errorOf(response)).message);
        return moved;
      } else {
        const error = await this.remote.client.errorOf(response);
        if (response.status === 404 && await this.#dropPurged(name)) return moved;
        throw error;
      }
    }
    this.#sent.set(name, pieces.offset);
    return moved;
  }

  #markRejected(name: string, why: string): void {
    this.#lost.add(name);
    this.onMessage(`Cannot send "${name}": ${why}; it stays in ${this.store.location}`);
  }

  /** Drops what the server has purged: it is never taken. Whether it is so. */
  async #dropPurged(name: string): Promise<boolean> {
    const purged: string[] = [];
    for (const id of new Set(name.split("/").filter(isIdV0))) {
      if (await this.remote.stat(tombstoneName(id)) !== undefined) purged.push(id);
    }
    if (purged.length === 0 || !await dropIn(this.store, purged)) return false;
    this.onMessage(`${purged.join(", ")} was purged at ${this.remote.client.base}; its unsent data is dropped`);
    return true;
  }

  /** The files of the spool that the server must have. */
  async entries(): Promise<FileEntry[]> {
    const entries: FileEntry[] = [];
    for await (const batch of this.store.listFiles()) {
      for (const entry of batch) {
        if (entry.kind !== "marker" && entry.kind !== "tombstone" && !entry.partial) entries.push(entry);
      }
    }
    return entries;
  }
}

/** Definitions before logs of notes, and objects last. */
function byRank(a: FileEntry, b: FileEntry): number {
  const rank = ({ name, kind }: FileEntry) => {
    return kind === "object" ? 3 : isNotesFile(name) ? 2 : name.includes(`/${RUNS_FOLDER}/`) ? 1 : 0;
  };
  return rank(a) - rank(b);
}
