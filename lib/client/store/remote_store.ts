import { createHash } from "node:crypto";
import { DamageError, DbxError, GarbledError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import { concat } from "../../base/bytes.ts";
import { checkName } from "../../store/names.ts";
import { PART_BYTES } from "../../store/file_chunks.ts";
import { MARKER_FILE } from "../../format/layout/names.ts";
import type {
  BulkOptions,
  Capabilities,
  Entry,
  FileChunk,
  FileEntry,
  FileIssue,
  InventoryOptions,
  Prefix,
  PrefixHash,
  ProveOptions,
  ReadRange,
  Stat,
  Store,
  TakeOptions,
  WriteReport,
} from "../../store/store.ts";
import { bucketOf, bucketsFor, counts, digest } from "../../protocol/inventory_digests.ts";
import { decodeParts } from "../../protocol/frames.ts";
import { CHECK_HEADER, statCheck } from "../../protocol/integrity.ts";
import { ReceivedCheck } from "./received_check.ts";
import { entryOf, headOf, linesOf } from "../../protocol/inventory_lines.ts";
import { Outgoing } from "./outgoing.ts";
import { askCollected, askProofs } from "./ask_prefix_hashes.ts";
import { decode, isTransient, type RemoteOptions, Requests, RETRIES } from "./requests.ts";

export type { Transport } from "../http/exchange.ts";
export type { RemoteOptions } from "./requests.ts";

/** Questions in one request. */
const QUESTIONS = 20_000;
const WANTS = 5_000;

/** Bytes of a file in one answer: so many can be compared with a digest before any of them is handed on. */
const PIECE = 4 * 1024 * 1024;

/** A repository behind the HTTP interface that `lib/docs/SYNC.md` describes. */
export class RemoteStore implements Store {
  readonly location: string;
  readonly capabilities: Capabilities = { append: true, readOnly: false, remove: false, remote: true };
  readonly #ask: Requests;
  readonly #close?: () => Promise<void>;
  /** The files of its last inventory. */
  #last: readonly FileEntry[] = [];

  constructor(options: RemoteOptions) {
    this.location = options.location;
    this.#ask = new Requests(options);
    this.#close = options.close;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close?.();
  }

  async *list(folder: string, options: BulkOptions = {}): AsyncIterable<Entry> {
    if (folder !== "") checkName(folder);
    const route = `files/${path(folder)}${folder === "" ? "" : "/"}`;
    const entries = await this.#ask.json("GET", route, "a listing", options);
    if (!Array.isArray(entries)) throw this.#ask.protocolError("a listing");
    for (const entry of entries as unknown[]) {
      if (!isObject(entry) || typeof entry.name !== "string" || entry.name.includes("/")) {
        throw this.#ask.protocolError("a listing");
      }
      checkName(entry.name);
      const kind = entry.kind === "file" || entry.kind === "folder" ? entry.kind : "other";
      yield { name: entry.name, kind };
    }
  }

  async stat(name: string): Promise<Stat | undefined> {
    if (name !== "") checkName(name);
    return await this.#ask.again({}, async () => {
      const response = await this.#ask.send("HEAD", `files/${path(name)}`);
      await response.body?.cancel();
      if (response.status === 404) return undefined;
      if (!response.ok) throw await this.#ask.errorOf(response, name);
      const said = ["dbx-kind", "dbx-size", "dbx-modified-at"].map((header) => response.headers.get(header));
      if (response.headers.get(CHECK_HEADER) !== statCheck(said[0], said[1], said[2])) throw this.#ask.garbledError();
      const [kind, size, modifiedAt] = [said[0], Number(said[1] ?? NaN), Number(said[2] ?? NaN)];
      if (!Number.isSafeInteger(size)) throw this.#ask.protocolError("a length");
      return {
        kind: kind === "folder" || kind === "file" ? kind : "other",
        size,
        modifiedAt: Number.isNaN(modifiedAt) ? undefined : modifiedAt,
      };
    });
  }

  async read(
    name: string,
    { offset = 0, length = Infinity }: { readonly offset?: number; readonly length?: number } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of this.#pieces(name, offset, length)) pieces.push(piece);
    return pieces.length === 1 ? pieces[0] : concat(pieces);
  }

  async stream(
    name: string,
    { offset = 0 }: { readonly offset?: number } = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const pieces = this.#pieces(name, offset, Infinity);
    const first = await pieces.next();
    return ReadableStream.from((async function* () {
      if (first.done) return;
      yield first.value;
      yield* pieces;
    })());
  }

  /** The bytes of a file, piece by piece, each compared with its digest. */
  async *#pieces(name: string, offset: number, length: number): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    checkName(name);
    const end = offset + length;
    for (let at = offset; at < end;) {
      const { bytes, isLast } = await this.#piece(name, at, Math.min(PIECE, end - at));
      if (bytes.length > 0 || at === offset) yield bytes;
      at += bytes.length;
      if (isLast) return;
    }
  }

  async #piece(
    name: string,
    at: number,
    length: number,
  ): Promise<{ bytes: Uint8Array<ArrayBuffer>; isLast: boolean }> {
    return await this.#ask.again({}, async () => {
      const headers = { range: `bytes=${at}-${at + length - 1}` };
      const response = await this.#ask.call("GET", `files/${path(name)}`, { headers, maxBytes: length });
      const bytes = await this.#ask.bytes(response);
      // Nothing of a file that ends before.
      if (response.status === 200 && bytes.length === 0) return { bytes, isLast: true };
      const said = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.map(Number);
      if (response.status !== 206 || said === undefined || said[1] !== at || said[2] - at + 1 !== bytes.length) {
        throw this.#ask.garbledError();
      }
      const isLast = said[2] + 1 === said[3];
      if (bytes.length > length || (bytes.length < length && !isLast)) throw this.#ask.garbledError();
      return { bytes, isLast };
    });
  }

  /** Of a log that is there and begins like that, what follows is added: it is the same log. */
  async create(name: string, data: Uint8Array | ReadableStream<Uint8Array>): Promise<void> {
    checkName(name);
    const bytes = data instanceof Uint8Array ? data : concat(await Array.fromAsync(data));
    const { files, setback } = await this.#takeOne(name, 0, bytes);
    if (setback?.kind === "diverged" || (setback === undefined && files === 0)) {
      throw new Deno.errors.AlreadyExists(`${this.location}: "${name}" exists`);
    }
    if (setback !== undefined) throw new DbxError(`${this.location}: cannot make "${name}": ${setback.message}`);
  }

  async append(name: string, offset: number, data: Uint8Array): Promise<void> {
    checkName(name);
    const { setback } = await this.#takeOne(name, offset, data);
    if (setback === undefined) return;
    const message = `Cannot append to "${name}" at ${offset} in ${this.location}: ${setback.message}`;
    if (setback.kind === "diverged" || setback.kind === "retry") throw new DamageError(message, { path: name });
    throw new DbxError(message);
  }

  async #takeOne(
    name: string,
    offset: number,
    bytes: Uint8Array,
  ): Promise<{ readonly files: number; readonly setback: FileIssue | undefined }> {
    const isWhole = offset === 0 && classifyPath(name) !== "log";
    const sha256 = isWhole && bytes.length > PART_BYTES ? createHash("sha256").update(bytes).digest("hex") : undefined;
    const size = offset + bytes.length;
    const { files, setbacks: [setback] } = await this.take(
      ReadableStream.from([[{ name, offset, bytes, end: true, size, ...sha256 !== undefined && { sha256 } }]]),
    );
    return { files, setback };
  }

  remove(name: string): Promise<void> {
    checkName(name);
    return Promise.reject(
      new DbxError(`Cannot remove "${name}" from ${this.location}: remote stores do not support removal`),
    );
  }

  async *inventory({ known, signal, fresh }: InventoryOptions = {}): AsyncIterable<readonly FileEntry[]> {
    const own = known === undefined ? [] : [...known.values()].filter(counts);
    const buckets = bucketsFor(own.length);
    const { digests, members } = digest(own, buckets);
    const json = {
      ...(own.length > 0 && { buckets, digests: digests.join("") }),
      ...(fresh === true && { fresh }),
    };
    const { entries, sent } = await this.#ask.again({ signal }, async () => {
      const response = await this.#ask.call("POST", "sync/inventory", { json, signal });
      try {
        return await this.#entries(response, own.length > 0 ? buckets : undefined);
      } catch (error) {
        // Its checksum comes last: until then a flipped bit looks like a rule that was broken.
        if (error instanceof DamageError && !signal?.aborted) throw new GarbledError(error.message);
        throw error;
      }
    });
    // What was not sent is as we have it.
    const same = own.length === 0 ? [] : members.filter((_, bucket) => !sent.has(bucket));
    this.#last = [entries, ...same].flat().filter(counts);
    for (const batch of [entries, ...same]) if (batch.length > 0) yield batch;
  }

  /** Whether it has changed since its last inventory; resolves when it has, or after so many seconds. */
  async hasNews(seconds: number, { signal }: BulkOptions = {}): Promise<boolean> {
    const buckets = bucketsFor(this.#last.length);
    const { digests } = digest(this.#last, buckets);
    const json = { buckets, digests: digests.join(""), wait: seconds };
    const response = await this.#ask.call("POST", "sync/inventory", { json, signal });
    const { sent } = await this.#entries(response, buckets);
    return sent.size > 0;
  }

  /** The entries of an inventory, when all of it has come and has its checksum. */
  async #entries(
    response: Response,
    buckets: number | undefined,
  ): Promise<{ entries: FileEntry[]; sent: ReadonlySet<number> }> {
    const entries: FileEntry[] = [];
    const hash = createHash("sha256");
    const names = new Set<string>();
    let sent: ReadonlySet<number> | undefined;
    let count = 0, isOver = false;
    for await (const lines of linesOf(response.body ?? new Blob([]).stream(), this.location)) {
      for (const line of lines) {
        if (isOver) throw this.#ask.protocolError("an inventory");
        const json = this.#ask.parse(line, "an inventory");
        if (isObject(json) && typeof json.end === "number" && sent !== undefined) {
          if (json.end !== count || json.sha256 !== hash.digest("hex")) throw this.#ask.garbledError();
          isOver = true;
          continue;
        }
        hash.update(line + "\n");
        if (sent === undefined) {
          const head = headOf(json, buckets);
          if (head === undefined) throw this.#ask.protocolError("an inventory");
          sent = head.sent;
          if (head.marker !== undefined) entries.push({ name: MARKER_FILE, size: head.marker });
        } else {
          const entry = entryOf(json, this.location, ++count);
          const isMeant = buckets === undefined || entry.partial || sent.has(bucketOf(entry.name, buckets));
          if (!isMeant || names.has(entry.name)) throw this.#ask.protocolError("an inventory");
          names.add(entry.name);
          entries.push(entry);
        }
      }
    }
    if (isOver && sent !== undefined) return { entries, sent };
    throw new GarbledError(`Cannot read the inventory of ${this.location}: it was cut off`);
  }

  async prove(extents: readonly Prefix[], options?: ProveOptions): Promise<(PrefixHash | undefined)[]> {
    return await askProofs(this.#ask, extents, options);
  }

  async collected(objects: readonly string[], options?: BulkOptions): Promise<ReadonlySet<string>> {
    return await askCollected(this.#ask, objects, options);
  }

  async *give(wants: readonly ReadRange[], { signal }: BulkOptions = {}): AsyncIterable<readonly FileChunk[]> {
    for (let from = 0; from < wants.length; from += WANTS) {
      yield* this.#given(new Map(wants.slice(from, from + WANTS).map((want) => [want.name, want.offset])), signal);
    }
  }

  /** What was asked for; of an answer that breaks off, the rest is asked for again. */
  async *#given(asked: Map<string, number>, signal?: AbortSignal): AsyncGenerator<readonly FileChunk[], void> {
    const given = new ReceivedCheck(this.location);
    for (let tries = 0; asked.size > 0;) {
      try {
        const response = await this.#ask.call("POST", "sync/give", { json: { wants: [...asked] }, signal });
        for await (const batch of decodeParts(response.body ?? new Blob([]).stream(), { who: this.location })) {
          signal?.throwIfAborted();
          for (const part of batch) {
            given.check(part, asked);
            if (part.end) asked.delete(part.name);
            else asked.set(part.name, part.offset + part.bytes.length);
            if (part.end || part.bytes.length > 0) tries = 0;
          }
          yield batch;
        }
        if (asked.size === 0) return;
        const [name] = asked.keys();
        throw new GarbledError(
          `Cannot read what ${this.location} sends: "${name}"${
            asked.size > 1 ? ` and ${asked.size - 1} other files were requested and` : " was requested and"
          } did not arrive; try again`,
        );
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (!isTransient(error) || !this.#ask.isReached || tries >= RETRIES) throw error;
      }
      await this.#ask.pause(tries++, signal);
    }
  }

  async take(
    parts: AsyncIterable<readonly FileChunk[]>,
    { signal, tombstones }: TakeOptions = {},
  ): Promise<WriteReport> {
    const outgoing = new Outgoing((body, sent) => this.#taken(body, sent, tombstones, signal), {
      isReached: () => this.#ask.isReached,
      pause: (tries) => this.#ask.pause(tries, signal),
    });
    for await (const batch of parts) {
      for (const part of batch) await outgoing.add(part);
      signal?.throwIfAborted();
    }
    return await outgoing.finish();
  }

  /** Sends one body of frames. The answer must account for every file in it. */
  async #taken(
    body: Uint8Array<ArrayBuffer>,
    sent: readonly (readonly [string, number])[],
    tombstones: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<WriteReport> {
    const hasObjects = sent.some(([name]) => classifyPath(name) === "object");
    const known = hasObjects && tombstones !== undefined ? `?tombstones=${tombstones}` : "";
    const response = await this.#ask.call("POST", `sync/take${known}`, { body, signal, maxBytes: 16 * 1024 * 1024 });
    const answer = this.#ask.parse(decode(await this.#ask.bytes(response)), "a report of what it took");
    if (!isObject(answer) || !Array.isArray(answer.setbacks)) throw this.#ask.protocolError("a report of what it took");
    const setbacks = (answer.setbacks as unknown[]).map((setback): FileIssue => {
      if (!isObject(setback) || typeof setback.name !== "string") {
        throw this.#ask.protocolError("a report of what it took");
      }
      const kind = KINDS.find((kind) => kind === setback.kind) ?? "failed";
      const { name, size } = setback;
      const there = Number.isSafeInteger(size) ? { size: size as number } : {};
      return { name, kind, message: String(setback.message).slice(0, 1000), ...there };
    });
    const named = new Set(setbacks.map(({ name }) => name));
    const ends: unknown[] = Array.isArray(answer.taken) ? answer.taken : [];
    for (const [at, [name, end]] of sent.entries()) {
      if (named.has(name) || ends[at] === end) continue;
      throw new GarbledError(
        `Cannot send "${name}" to ${this.location}: it did not confirm that it received the file; try again`,
      );
    }
    return { files: Number(answer.files) || 0, bytes: Number(answer.bytes) || 0, setbacks };
  }

  async settle(files: readonly FileEntry[], { signal }: BulkOptions = {}): Promise<void> {
    for (let from = 0; from < files.length; from += QUESTIONS) {
      const json = {
        files: files.slice(from, from + QUESTIONS).map(({ name, size, modifiedAt }) => [name, size, modifiedAt]),
      };
      await this.#ask.again({ signal }, () => this.#ask.done("POST", "sync/settle", { json, signal }));
    }
  }
}

const KINDS = ["diverged", "retry", "damaged", "refused", "failed"] as const;

function path(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}
