import { DamageError, DbxError, messageOf, NotFoundError, UsageError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { concat } from "../parts.ts";
import { checkName } from "../names.ts";
import { MARKER_FILE } from "../../format/names.ts";
import type {
  BulkOptions,
  Capabilities,
  Entry,
  Extent,
  FileEntry,
  InventoryOptions,
  Part,
  Proof,
  Setback,
  Stat,
  Store,
  Taken,
  Want,
} from "../store.ts";
import { bucketOf, bucketsFor, counts, digest } from "./digests.ts";
import { decodeParts, encodePart, LAST_FRAME } from "./frames.ts";
import { entryOf, linesOf } from "./lines.ts";

/** Sends a request and gives the answer: `fetch`, or the same over a pipe. */
export type Transport = (request: Request) => Promise<Response>;

/** How to reach a repository. */
export interface RemoteOptions {
  /** For messages: what the user calls it. */
  readonly location: string;
  /** The URL below which the routes are: `http://host:7070`. */
  readonly base: string;
  readonly transport: Transport;
  readonly token?: string;
  /** Closes the connection. */
  readonly close?: () => Promise<void>;
}

/** What goes with a request. */
interface CallOptions extends BulkOptions {
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array;
  /** Sent as JSON, compressed where that is worth it. */
  readonly json?: unknown;
}

/** Bytes of one request with parts, as they are sent and as they are kept; and questions in one request. */
const TAKE_BYTES = 4 * 1024 * 1024;
const TAKE_KEPT = 32 * 1024 * 1024;
const QUESTIONS = 20_000;
const WANTS = 5_000;

/** A repository behind the HTTP interface that `lib/sync/SYNC.md` describes. */
export class RemoteStore implements Store {
  readonly location: string;
  readonly capabilities: Capabilities = { append: true, readOnly: false, remove: false, remote: true };
  readonly #options: RemoteOptions;
  #isReached = false;

  constructor(options: RemoteOptions) {
    this.location = options.location;
    this.#options = options;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.close?.();
  }

  async *list(folder: string, options: BulkOptions = {}): AsyncIterable<Entry> {
    if (folder !== "") checkName(folder);
    const response = await this.#call("GET", `files/${path(folder)}${folder === "" ? "" : "/"}`, options);
    const entries: unknown = await response.json();
    if (!Array.isArray(entries)) throw this.#nonsense("a listing");
    for (const entry of entries) {
      if (!isObject(entry) || typeof entry.name !== "string" || entry.name.includes("/")) {
        throw this.#nonsense("a listing");
      }
      checkName(entry.name);
      const kind = entry.kind === "file" || entry.kind === "folder" ? entry.kind : "other";
      yield { name: entry.name, kind };
    }
  }

  async stat(name: string): Promise<Stat | undefined> {
    if (name !== "") checkName(name);
    const response = await this.#send("HEAD", `files/${path(name)}`);
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    if (!response.ok) throw await this.#errorOf(response, name);
    const kind = response.headers.get("dbx-kind");
    const size = Number(response.headers.get("dbx-size") ?? NaN);
    const modifiedAt = Number(response.headers.get("dbx-modified-at") ?? NaN);
    if (!Number.isSafeInteger(size)) throw this.#nonsense("a length");
    return {
      kind: kind === "folder" || kind === "file" ? kind : "other",
      size,
      modifiedAt: Number.isNaN(modifiedAt) ? undefined : modifiedAt,
    };
  }

  async read(
    name: string,
    { offset = 0, length }: { readonly offset?: number; readonly length?: number } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    checkName(name);
    if (length === 0) return new Uint8Array();
    const range = `bytes=${offset}-${length === undefined ? "" : offset + length - 1}`;
    const response = await this.#call("GET", `files/${path(name)}`, { headers: { range } });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return length === undefined ? bytes : bytes.subarray(0, length);
  }

  async stream(
    name: string,
    { offset = 0 }: { readonly offset?: number } = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    checkName(name);
    const response = await this.#call("GET", `files/${path(name)}`, { headers: { range: `bytes=${offset}-` } });
    return response.body ?? new Blob([]).stream();
  }

  async create(name: string, data: Uint8Array | ReadableStream<Uint8Array>): Promise<void> {
    checkName(name);
    const body = await bodyOf(data);
    const response = await this.#call("PUT", `files/${path(name)}`, { headers: { "if-none-match": "*" }, body });
    await response.body?.cancel();
  }

  async append(name: string, offset: number, data: Uint8Array): Promise<void> {
    checkName(name);
    const response = await this.#call("POST", `files/${path(name)}?offset=${offset}`, { body: data });
    await response.body?.cancel();
  }

  remove(name: string): Promise<void> {
    checkName(name);
    return Promise.reject(new DbxError(`Cannot remove "${name}" from ${this.location}: a peer lets nobody remove`));
  }

  async *inventory({ known, signal }: InventoryOptions = {}): AsyncIterable<readonly FileEntry[]> {
    const own = known === undefined ? [] : [...known.values()].filter(counts);
    const buckets = bucketsFor(own.length);
    const { digests, members } = digest(own, buckets);
    const question = own.length === 0 ? {} : { buckets, digests: digests.join("") };
    const response = await this.#call("POST", "sync/inventory", { json: question, signal });
    let head: { buckets: number; sent: Set<number> } | undefined;
    let count = 0, isOver = false;
    for await (const lines of linesOf(response.body ?? new Blob([]).stream(), this.location)) {
      const batch: FileEntry[] = [];
      for (const line of lines) {
        if (isOver) throw this.#nonsense("an inventory");
        const json = this.#parse(line, "an inventory");
        if (head === undefined) {
          if (!isObject(json) || !Array.isArray(json.sent)) throw this.#nonsense("an inventory");
          if (own.length > 0 && json.buckets !== buckets) throw this.#nonsense("an inventory");
          head = { buckets, sent: new Set(json.sent as number[]) };
          if (typeof json.marker === "number") batch.push({ name: MARKER_FILE, size: json.marker });
        } else if (isObject(json) && typeof json.end === "number") {
          if (json.end !== count) throw this.#nonsense("an inventory");
          isOver = true;
        } else {
          const entry = entryOf(json, this.location, ++count);
          if (own.length > 0 && !entry.partial && !head.sent.has(bucketOf(entry.name, buckets))) {
            throw this.#nonsense("an inventory");
          }
          batch.push(entry);
        }
      }
      if (batch.length > 0) yield batch;
    }
    if (!isOver || head === undefined) {
      throw new DamageError(`Cannot read the inventory of ${this.location}: it was cut off`);
    }
    if (own.length === 0) return;
    // What was not sent is as we have it.
    for (const [bucket, same] of members.entries()) if (!head.sent.has(bucket) && same.length > 0) yield same;
  }

  async prove(extents: readonly Extent[], { signal }: BulkOptions = {}): Promise<(Proof | undefined)[]> {
    const all: (Proof | undefined)[] = [];
    for (let from = 0; from < extents.length; from += QUESTIONS) {
      const batch = extents.slice(from, from + QUESTIONS);
      const json = { extents: batch.map(({ name, length }) => (length === undefined ? [name] : [name, length])) };
      const answer: unknown = await (await this.#call("POST", "sync/prove", { json, signal })).json();
      const proofs = isObject(answer) ? answer.proofs : undefined;
      if (!Array.isArray(proofs) || proofs.length !== batch.length) throw this.#nonsense("proofs");
      for (const proof of proofs as unknown[]) {
        if (proof === null) {
          all.push(undefined);
          continue;
        }
        const [size, whole, sha256] = Array.isArray(proof) ? proof as unknown[] : [];
        if (!Number.isSafeInteger(size) || !Number.isSafeInteger(whole)) throw this.#nonsense("proofs");
        all.push({
          size: size as number,
          whole: whole as number,
          sha256: typeof sha256 === "string" ? sha256 : undefined,
        });
      }
    }
    return all;
  }

  async *give(wants: readonly Want[], { signal }: BulkOptions = {}): AsyncIterable<readonly Part[]> {
    for (let from = 0; from < wants.length; from += WANTS) {
      const asked = new Map(wants.slice(from, from + WANTS).map((want) => [want.name, want.offset]));
      const json = { wants: [...asked] };
      const response = await this.#call("POST", "sync/give", { json, signal });
      const parts = decodeParts(response.body ?? new Blob([]).stream(), { who: this.location });
      for await (const batch of parts) {
        signal?.throwIfAborted();
        for (const part of batch) {
          // Only what was asked for, and from there on, in order.
          if (asked.get(part.name) !== part.offset) {
            throw new DamageError(
              `Cannot read what ${this.location} sends: "${part.name}" at ${part.offset} was not asked for`,
            );
          }
          if (part.end) asked.delete(part.name);
          else asked.set(part.name, part.offset + part.bytes.length);
        }
        yield batch;
      }
    }
  }

  async take(parts: AsyncIterable<readonly Part[]>, { signal }: BulkOptions = {}): Promise<Taken> {
    let files = 0, bytes = 0, held = 0, kept = 0;
    const setbacks: Setback[] = [];
    let frames: Uint8Array[] = [];
    const lost = new Set<string>();
    const send = async () => {
      if (frames.length === 0) return;
      const body = concat([...frames, LAST_FRAME]);
      frames = [];
      held = kept = 0;
      const answer: unknown = await (await this.#call("POST", "sync/take", { body, signal })).json();
      if (!isObject(answer) || !Array.isArray(answer.setbacks)) throw this.#nonsense("what it took");
      files += Number(answer.files) || 0;
      bytes += Number(answer.bytes) || 0;
      for (const setback of answer.setbacks as unknown[]) {
        if (!isObject(setback) || typeof setback.name !== "string") throw this.#nonsense("what it took");
        lost.add(setback.name);
        const kind = KINDS.find((kind) => kind === setback.kind) ?? "failed";
        setbacks.push({ name: setback.name, kind, message: String(setback.message).slice(0, 1000) });
      }
    };
    for await (const batch of parts) {
      for (const part of batch) {
        if (lost.has(part.name)) continue;
        for (const frame of encodePart(part)) {
          frames.push(frame);
          held += frame.length;
          if (held >= TAKE_BYTES) await send();
        }
        kept += part.bytes.length;
        if (kept >= TAKE_KEPT) await send();
      }
      signal?.throwIfAborted();
    }
    await send();
    return { files, bytes, setbacks };
  }

  async settle(files: readonly FileEntry[], { signal }: BulkOptions = {}): Promise<void> {
    for (let from = 0; from < files.length; from += QUESTIONS) {
      const json = {
        files: files.slice(from, from + QUESTIONS).map(({ name, size, modifiedAt }) => [name, size, modifiedAt]),
      };
      await (await this.#call("POST", "sync/settle", { json, signal })).body?.cancel();
    }
  }

  /** Sends a request and expects it to be granted. */
  async #call(
    method: string,
    route: string,
    options: CallOptions = {},
  ): Promise<Response> {
    const response = await this.#send(method, route, options);
    if (!response.ok) throw await this.#errorOf(response, route);
    return response;
  }

  async #send(
    method: string,
    route: string,
    { headers: more, body, json, signal }: CallOptions = {},
  ): Promise<Response> {
    const headers = new Headers(more);
    if (this.#options.token !== undefined) headers.set("authorization", `Bearer ${this.#options.token}`);
    let payload = body as Uint8Array<ArrayBuffer> | undefined;
    if (json !== undefined) {
      headers.set("content-type", "application/json");
      payload = new TextEncoder().encode(JSON.stringify(json));
      if (payload.length > 1024) {
        payload = new Uint8Array(
          await new Response(new Blob([payload]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
        );
        headers.set("content-encoding", "gzip");
      }
    }
    for (let tries = 0;; tries++) {
      signal?.throwIfAborted();
      try {
        const response = await this.#options.transport(
          new Request(`${this.#options.base}/api/v1/${route}`, {
            method,
            headers,
            body: payload,
            signal,
            redirect: "error",
          }),
        );
        this.#isReached = true;
        // The server is busy: it says so before it does anything.
        if (response.status !== 503 || tries >= 5) return response;
        await response.body?.cancel();
      } catch (error) {
        if (signal?.aborted) throw error;
        // All requests may be repeated: one that was done already changes nothing.
        if (!this.#isReached || tries >= 3 || error instanceof DbxError) {
          if (error instanceof DbxError) throw error;
          throw new DbxError(`Cannot reach ${this.location}: ${messageOf(error)}`);
        }
      }
      await wait(200 * 3 ** tries, signal);
    }
  }

  async #errorOf(response: Response, what: string): Promise<Error> {
    let said = "";
    try {
      const json: unknown = JSON.parse((await response.text()).slice(0, 10_000));
      if (isObject(json) && typeof json.error === "string") said = json.error;
    } catch {
      // It says nothing that we understand.
    }
    const message = said === ""
      ? `${this.location} answers ${response.status} to "${what}"`
      : `${this.location}: ${said}`;
    if (response.status === 404) return new NotFoundError(message);
    if (response.status === 400) return new UsageError(message);
    if (response.status === 412) return new Deno.errors.AlreadyExists(message);
    if (response.status === 409) return new DamageError(message);
    return new DbxError(message);
  }

  #parse(text: string, what: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.#nonsense(what);
    }
  }

  #nonsense(what: string): DamageError {
    return new DamageError(`Cannot understand ${this.location}: it sends ${what} that breaks the rules`);
  }
}

/** Waits, or less where the signal aborts. */
function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}

const KINDS = ["diverged", "retry", "damaged", "refused", "failed"] as const;

function path(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

/** One file is made by one request: it is small, or goes in parts by `take`. */
async function bodyOf(data: Uint8Array | ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return data instanceof Uint8Array ? data : concat(await Array.fromAsync(data));
}
