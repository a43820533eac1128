import { ROUTES, routeTo, type Target } from "../../protocol/route_table.ts";
import { createHash } from "node:crypto";
import { AlreadyExistsError, DamageError, DbxError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import { concat } from "../../base/bytes.ts";
import { checkName } from "../../store/names.ts";
import { CHUNK_BYTES } from "../../store/file_chunks.ts";
import type {
  BulkOptions,
  Capabilities,
  Entry,
  FileChunk,
  FileEntry,
  FileIssue,
  FileTime,
  HashOptions,
  ListFilesOptions,
  Prefix,
  PrefixHash,
  ReadRange,
  Stat,
  Store,
  WriteManyOptions,
  WriteReport,
} from "../../store/store.ts";
import { counts } from "../../protocol/inventory_digests.ts";
import { CHECK_HEADER, statCheck } from "../../protocol/integrity.ts";
import { type ClientOptions, HttpClient } from "../http/client.ts";
import { askFiles } from "./ask_files.ts";
import { askForNews, askInventory } from "./ask_inventory.ts";
import { askCollected, askProofs } from "./ask_prefix_hashes.ts";
import { sendFiles } from "./send_files.ts";
import { MAX_ANSWER_BYTES } from "./limits.ts";

/** Questions in one request. */
const QUESTIONS = 20_000;

/** Bytes of a file in one answer: so many can be compared with a digest before any of them is handed on. */
const PIECE = 4 * 1024 * 1024;

/** A repository behind the HTTP interface that `lib/docs/SYNC.md` describes. */
export class RemoteStore implements Store {
  readonly location: string;
  readonly capabilities: Capabilities = { append: true, readOnly: false, remove: false, remote: true };
  readonly client: HttpClient;
  /** The files of its last inventory. */
  #last: readonly FileEntry[] = [];

  /** `to`: how to reach it. */
  constructor(to: ClientOptions | HttpClient) {
    this.client = to instanceof HttpClient ? to : new HttpClient(to);
    this.location = this.client.location;
  }

  /** Closes the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
  }

  async *list(folder: string, options: BulkOptions = {}): AsyncIterable<Entry> {
    if (folder !== "") checkName(folder);
    const route = folder === "" ? "list_all" : routeTo("read_file", { name: `${folder}/` });
    const how = {
      ...options,
      what: "a listing",
      effort: "quick",
      needsDigest: true,
      maxBytes: MAX_ANSWER_BYTES,
    } as const;
    const entries = await this.client.value(route, how);
    if (!Array.isArray(entries)) throw this.client.protocolError("a listing");
    for (const entry of entries as unknown[]) {
      if (!isObject(entry) || typeof entry.name !== "string" || entry.name.includes("/")) {
        throw this.client.protocolError("a listing");
      }
      checkName(entry.name);
      const kind = entry.kind === "file" || entry.kind === "folder" ? entry.kind : "other";
      yield { name: entry.name, kind };
    }
  }

  async stat(name: string): Promise<Stat | undefined> {
    if (name !== "") checkName(name);
    return await this.client.retry.run(async () => {
      const response = await this.client.send(headOf(name), { effort: "quick", retries: 0 });
      await response.body?.cancel();
      if (response.status === 404) return undefined;
      if (!response.ok) throw await this.client.errorOf(response);
      const values = ["dbx-kind", "dbx-size", "dbx-modified-at"].map((header) => response.headers.get(header));
      if (response.headers.get(CHECK_HEADER) !== statCheck(values[0], values[1], values[2])) {
        throw this.client.garbledError();
      }
      const [kind, size, modifiedAt] = [values[0], Number(values[1] ?? NaN), Number(values[2] ?? NaN)];
      if (!Number.isSafeInteger(size)) throw this.client.protocolError("a length");
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
    return await this.client.retry.run(async () => {
      const headers = { range: `bytes=${at}-${at + length - 1}` };
      const options = { headers, maxBytes: length, effort: "quick", retries: 0 } as const;
      const response = await this.client.call(routeTo("read_file", { name }), options);
      const bytes = await this.client.bytes(response, true);
      // Nothing of a file that ends before.
      if (response.status === 200 && bytes.length === 0) return { bytes, isLast: true };
      const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.map(Number);
      if (response.status !== 206 || range === undefined || range[1] !== at || range[2] - at + 1 !== bytes.length) {
        throw this.client.garbledError();
      }
      const isLast = range[2] + 1 === range[3];
      if (bytes.length > length || (bytes.length < length && !isLast)) throw this.client.garbledError();
      return { bytes, isLast };
    });
  }

  /** Of a log that is there and begins like that, what follows is added: it is the same log. */
  async create(name: string, data: Uint8Array | ReadableStream<Uint8Array>): Promise<void> {
    checkName(name);
    const bytes = data instanceof Uint8Array ? data : concat(await Array.fromAsync(data));
    const { files, setback } = await this.#takeOne(name, 0, bytes);
    if (setback?.kind === "diverged" || (setback === undefined && files === 0)) {
      throw new AlreadyExistsError(`${this.location}: "${name}" exists`);
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
    const sha256 = isWhole && bytes.length > CHUNK_BYTES ? createHash("sha256").update(bytes).digest("hex") : undefined;
    const size = offset + bytes.length;
    const { files, setbacks: [setback] } = await this.writeMany(
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

  async *listFiles({ known, signal, fresh }: ListFilesOptions = {}): AsyncIterable<readonly FileEntry[]> {
    const own = known === undefined ? [] : [...known.values()].filter(counts);
    const { entries, same } = await askInventory(this.client, own, { signal, fresh });
    this.#last = [entries, ...same].flat().filter(counts);
    for (const batch of [entries, ...same]) if (batch.length > 0) yield batch;
  }

  /** Whether it has changed since its last inventory; resolves when it has, or after so many seconds. */
  async hasNews(seconds: number, options: BulkOptions = {}): Promise<boolean> {
    return await askForNews(this.client, this.#last, seconds, options);
  }

  async hashPrefixes(extents: readonly Prefix[], options?: HashOptions): Promise<(PrefixHash | undefined)[]> {
    return await askProofs(this.client, extents, options);
  }

  async collected(objects: readonly string[], options?: BulkOptions): Promise<ReadonlySet<string>> {
    return await askCollected(this.client, objects, options);
  }

  readMany(wants: readonly ReadRange[], options: BulkOptions = {}): AsyncIterable<readonly FileChunk[]> {
    return askFiles(this.client, wants, options);
  }

  async writeMany(parts: AsyncIterable<readonly FileChunk[]>, options: WriteManyOptions = {}): Promise<WriteReport> {
    return await sendFiles(this.client, parts, options);
  }

  async setModifiedTimes(files: readonly FileTime[], { signal }: BulkOptions = {}): Promise<void> {
    for (let from = 0; from < files.length; from += QUESTIONS) {
      const json = {
        files: files.slice(from, from + QUESTIONS).map(({ name, size, modifiedAt }) => [name, size, modifiedAt]),
      };
      await this.client.done("settle", { json, signal, effort: "work" });
    }
  }
}

/** Where the type, size and time of a file or folder are asked for; without a name: of the repository itself. */
function headOf(name: string): Target {
  return name === "" ? { method: "HEAD", path: ROUTES.list_all.path } : routeTo("head_file", { name });
}
