import { createHash } from "node:crypto";
import { UsageError } from "../base/errors.ts";
import { kindOfName } from "../format/kinds.ts";
import { parseMarker } from "../format/marker.ts";
import { MARKER_FILE } from "../format/names.ts";
import { type BulkStore, inBulk } from "../store/bulk.ts";
import { bucketOf, counts, digest, DIGEST_DIGITS, lineOf, MAX_BUCKETS } from "../store/remote/digests.ts";
import { decodeParts, FrameEncoder } from "../store/remote/frames.ts";
import { CHECK_HEADER, contentDigest, isIntact, objectDigest, statCheck } from "../store/remote/integrity.ts";
import { LocalStore } from "../store/local.ts";
import type { Extent, FileEntry, Part, Store, Taken, Want } from "../store/store.ts";
import { checkRight } from "./access.ts";
import { digestedJson } from "./answers.ts";
import { jsonOf } from "./api/body.ts";
import { readBody } from "./body.ts";
import { type Caller, OWNER } from "./roles.ts";
import { guardOf } from "./writes/strangers_guard.ts";
import { garbled, isUnexpected, Refusal, refuse } from "./refusal.ts";

/** How a repository is offered. */
export interface RouteOptions {
  /** Nothing may be written. */
  readonly readOnly?: boolean;
  /** Told of what a client is not told. */
  readonly onError?: (message: string) => void;
  /** Takes paths of this machine out of a message for the client. */
  readonly hide?: (message: string) => string;
  /** Told when something was written. */
  readonly onChange?: () => void;
}

/** Bytes of a body, all parts of one body when they are inflated, and questions in one. */
const BODY = { bytes: 16 * 1024 * 1024, patience: 30_000 };
const INFLATED = 64 * 1024 * 1024;
const QUESTIONS = 100_000;

/** A part of a file of at most so many bytes is sent with its digest. */
const DIGESTED = 4 * 1024 * 1024;

/** Answers requests below `/api/v1/` about one repository. */
export function storeRoutes(
  plain: Store,
  options: RouteOptions = {},
): (request: Request, caller?: Caller, gone?: AbortSignal) => Promise<Response> {
  const store = inBulk(plain);
  return async (request, caller = OWNER, gone) => {
    try {
      if (!isIntact(request)) throw garbled();
      const inside = (name: string) => plain instanceof LocalStore && plain.checkInside(name);
      return await answer(store, request, { ...options, caller, inside, gone });
    } catch (error) {
      const unexpected = isUnexpected(error);
      if (unexpected !== undefined) options.onError?.(unexpected);
      if (error instanceof Error && options.hide !== undefined) error.message = options.hide(error.message);
      return refuse(error);
    }
  };
}

/** The same, and who asks. */
type Options = RouteOptions & {
  readonly caller: Caller;
  /** Aborts when who asks has left. */
  readonly gone?: AbortSignal;
  /** Refuses a name that leads out of the repository by a link. */
  readonly inside: (name: string) => void;
};

async function answer(store: BulkStore, request: Request, options: Options): Promise<Response> {
  const url = new URL(request.url);
  const at = /^\/api\/v1\/(files|sync)\/(.*)$/.exec(url.pathname);
  if (at === null) throw new Refusal(404, "there is no such route");
  const [, group, rest] = at;
  if (group === "files") return await files(store, request, url, rest, options);
  if (request.method !== "POST") throw new Refusal(405, "only POST is taken here", { allow: "POST" });
  switch (rest) {
    case "inventory":
      return await inventory(store, await jsonOf("inventory", request), request, options);
    case "prove":
      return digestedJson({ proofs: await prove(store, await jsonOf("prove", request), options) });
    case "give":
      return give(store, await jsonOf("give", request), options);
    case "take":
      checkWritable(options);
      return digestedJson(await take(store, await readBody(request, BODY), url, options));
    case "settle":
      checkWritable(options);
      return await settle(store, await jsonOf("settle", request), options);
  }
  throw new Refusal(404, "there is no such route");
}

function checkWritable({ readOnly, caller }: Options): void {
  if (readOnly) throw new Refusal(403, "it is open for reading only");
  checkRight(caller, "write");
}

/** What was taken, and of each file of the body, in the order in which they begin, up to which byte; null: a setback tells. */
type TakenAnswer = Taken & { readonly taken: readonly (number | null)[] };

async function take(store: BulkStore, body: Uint8Array, url: URL, options: Options): Promise<TakenAnswer> {
  const { hide = (message) => message } = options;
  const upload = url.searchParams.get("upload") ?? undefined;
  if (upload !== undefined && !/^[0-9a-z]{1,64}$/.test(upload)) fail(`"upload" is not a name of up to 64 of 0-9a-z`);
  const all = await allParts(body);
  const taken = await store.take(ReadableStream.from(all), { upload, guard: guardOf(options.caller) });
  options.onChange?.();
  const setbacks = taken.setbacks.map((setback) => ({ ...setback, message: hide(setback.message) }));
  const ends = new Map<string, number>();
  for (const { name, offset, bytes } of all.flat()) ends.set(name, offset + bytes.length);
  const lost = new Set(setbacks.map(({ name }) => name));
  return { ...taken, setbacks, taken: Array.from(ends, ([name, end]) => (lost.has(name) ? null : end)) };
}

/** All parts of a body are read before the first one is taken: of a body with a fault nothing is. */
async function allParts(body: Uint8Array): Promise<(readonly Part[])[]> {
  return await Array.fromAsync(
    decodeParts(ReadableStream.from([body]), { who: "the client", limit: INFLATED }),
  );
}

function fail(why: string): never {
  throw new Refusal(400, why);
}

function listOf(json: Record<string, unknown>, key: string): unknown[] {
  const list = json[key];
  if (!Array.isArray(list)) return fail(`the body has no list "${key}"`);
  return list.length <= QUESTIONS ? list : fail(`"${key}" has more than ${QUESTIONS} items`);
}

function nameOf(value: unknown, { inside }: Options): string {
  if (typeof value !== "string" || kindOfName(value) === undefined) {
    return fail("a name that no file of a repository has");
  }
  inside(value);
  return value;
}

function countOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? value as number : fail("a count that is none");
}

async function inventory(
  store: BulkStore,
  json: Record<string, unknown>,
  request: Request,
  options: Options,
): Promise<Response> {
  const entries: FileEntry[] = [];
  let marker: number | undefined;
  const partials: FileEntry[] = [];
  for await (const batch of store.inventory({ fresh: json.fresh === true, sliceMs: 10, signal: options.gone })) {
    for (const entry of batch) {
      if (counts(entry)) entries.push(entry);
      else if (entry.name === MARKER_FILE) marker = entry.size;
      else partials.push(entry);
    }
  }
  const buckets = json.buckets === undefined ? 1 : countOf(json.buckets);
  if (buckets < 1 || buckets > MAX_BUCKETS) fail("a number of buckets that is not possible");
  const known = json.digests ?? "";
  if (typeof known !== "string" || (known !== "" && known.length !== buckets * DIGEST_DIGITS)) {
    throw new Refusal(422, "the digests are not those of so many buckets");
  }
  const sent = new Set<number>();
  const { digests } = digest(known === "" ? [] : entries, buckets);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const theirs = (known as string).slice(bucket * DIGEST_DIGITS, (bucket + 1) * DIGEST_DIGITS);
    if (known === "" || digests[bucket] !== theirs) sent.add(bucket);
  }
  const told = [...entries.filter(({ name }) => sent.has(bucketOf(name, buckets))), ...partials];
  const head = JSON.stringify({ buckets, sent: [...sent], ...(marker !== undefined && { marker }) });
  const lines = function* (): Generator<Uint8Array<ArrayBuffer>> {
    const encoder = new TextEncoder();
    const hash = createHash("sha256");
    const hashed = (text: string): Uint8Array<ArrayBuffer> => {
      const bytes = encoder.encode(text);
      hash.update(bytes);
      return bytes;
    };
    yield hashed(head + "\n");
    for (let from = 0; from < told.length; from += 4096) {
      yield hashed(told.slice(from, from + 4096).map((entry) => lineOf(entry) + "\n").join(""));
    }
    yield encoder.encode(JSON.stringify({ end: told.length, sha256: hash.digest("hex") }) + "\n");
  };
  return packed(ReadableStream.from(lines()), "application/jsonl", request);
}

/** A body, compressed if the client takes that. */
function packed(body: ReadableStream<Uint8Array<ArrayBuffer>>, type: string, request: Request): Response {
  const headers: Record<string, string> = { "content-type": type, "cache-control": "no-store" };
  if (!(request.headers.get("accept-encoding") ?? "").includes("gzip")) return new Response(body, { headers });
  headers["content-encoding"] = "gzip";
  return new Response(body.pipeThrough(new CompressionStream("gzip")), { headers });
}

async function prove(store: BulkStore, json: Record<string, unknown>, options: Options): Promise<unknown[]> {
  const extents = listOf(json, "extents").map((item): Extent => {
    const [name, length] = Array.isArray(item) ? item as unknown[] : fail("an extent that is none");
    return { name: nameOf(name, options), length: length === undefined ? undefined : countOf(length) };
  });
  const proofs = await store.prove(extents, { signal: options.gone });
  return proofs.map((proof) => (proof === undefined ? null : [proof.size, proof.whole, proof.sha256 ?? null]));
}

function give(store: BulkStore, json: Record<string, unknown>, options: Options): Response {
  const wants = listOf(json, "wants").map((item): Want => {
    const [name, offset] = Array.isArray(item) ? item as unknown[] : fail("a want that is none");
    return { name: nameOf(name, options), offset: countOf(offset) };
  });
  const frames = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const encoder = new FrameEncoder();
    for await (const batch of store.give(wants)) {
      for (const part of batch) {
        const { error } = part;
        const isPlain = error === undefined || options.hide === undefined;
        yield* encoder.encode(isPlain ? part : { ...part, error: options.hide(error) });
      }
    }
    yield encoder.last();
  };
  const headers = { "content-type": "application/octet-stream", "cache-control": "no-store" };
  return new Response(ReadableStream.from(frames()), { headers });
}

async function settle(store: BulkStore, json: Record<string, unknown>, options: Options): Promise<Response> {
  const files = listOf(json, "files").map((item): FileEntry => {
    const [name, size, modifiedAt] = Array.isArray(item) ? item as unknown[] : fail("a file that is none");
    return { name: nameOf(name, options), size: countOf(size), modifiedAt: countOf(modifiedAt) };
  });
  await store.settle(files);
  return new Response(null, { status: 204 });
}

async function files(
  store: BulkStore,
  request: Request,
  url: URL,
  rest: string,
  options: Options,
): Promise<Response> {
  let name: string;
  try {
    name = rest.replace(/\/$/, "").split("/").map(decodeURIComponent).join("/");
  } catch {
    return fail("a name that is badly encoded");
  }
  // Folders are looked at and listed; files are those of the format, and nothing of `.dbx`.
  if (name.split("/").some((part) => part.startsWith("."))) throw new UsageError("a name that begins with a dot");
  options.inside(name);
  switch (request.method) {
    case "HEAD":
    case "GET":
      return await read(store, request, name, rest === "" || rest.endsWith("/"));
    case "PUT": {
      checkWritable(options);
      const kind = kindOfName(name) ?? fail("a name that no file of a repository has");
      const body = await readBody(request, BODY);
      if (kind === "marker") parseMarker(new TextDecoder().decode(body));
      if (kind !== "object") await store.create(name, body, { guard: guardOf(options.caller) });
      else if (!await putObject(store, name, body)) throw new Deno.errors.AlreadyExists("it is there");
      options.onChange?.();
      return new Response(null, { status: 201 });
    }
    case "POST": {
      checkWritable(options);
      const isLog = kindOfName(name) === "log";
      if (!isLog) fail("only logs grow");
      const offset = countOf(Number(url.searchParams.get("offset") ?? NaN));
      const body = await readBody(request, BODY);
      await store.append(name, offset, body, { guard: guardOf(options.caller) });
      options.onChange?.();
      return new Response(null, { status: 204 });
    }
  }
  throw new Refusal(405, "this method is not offered here", { allow: "GET, HEAD, PUT, POST" });
}

/** Objects are compared with their names before they appear. Returns whether it was new. */
async function putObject(store: BulkStore, name: string, bytes: Uint8Array): Promise<boolean> {
  const part: Part = { name, offset: 0, bytes, end: true, size: bytes.length };
  const one = (async function* () {
    yield await Promise.resolve([part]);
  })();
  const { files, setbacks: [setback] } = await store.take(one);
  if (setback !== undefined) throw new Refusal(setback.kind === "damaged" ? 400 : 409, setback.message);
  return files > 0;
}

async function read(store: BulkStore, request: Request, name: string, isListing: boolean): Promise<Response> {
  if (isListing && request.method === "GET") {
    const entries = await Array.fromAsync(store.list(name));
    return digestedJson(entries.filter((entry) => !entry.name.startsWith(".")));
  }
  const stat = name === "" ? { kind: "folder" as const, size: 0 } : await store.stat(name);
  if (stat === undefined) throw new Refusal(404, "it is not there");
  const headers: Record<string, string> = {
    "dbx-kind": stat.kind,
    "dbx-size": String(stat.size),
    "accept-ranges": "bytes",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store, no-transform",
    "content-type": "application/octet-stream",
  };
  if (stat.modifiedAt !== undefined) headers["dbx-modified-at"] = String(stat.modifiedAt);
  if (request.method === "HEAD") {
    headers[CHECK_HEADER] = statCheck(stat.kind, headers["dbx-size"], headers["dbx-modified-at"] ?? null);
    return new Response(null, { headers });
  }
  if (stat.kind !== "file" || kindOfName(name) === undefined) {
    throw new Refusal(404, "it is not a file of the repository");
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  const from = range === null ? 0 : Number(range[1]);
  const to = range === null || range[2] === "" ? stat.size : Math.min(stat.size, Number(range[2]) + 1);
  if (!Number.isSafeInteger(from)) fail("a range that is none");
  const length = Math.max(0, to - from);
  headers["content-length"] = String(length);
  const status = range === null || length === 0 ? 200 : 206;
  if (status === 206) headers["content-range"] = `bytes ${from}-${from + length - 1}/${stat.size}`;
  if (kindOfName(name) === "object") headers["repr-digest"] = objectDigest(name.slice(-64));
  if (length <= DIGESTED) {
    const bytes = length === 0 ? new Uint8Array() : await store.read(name, { offset: from, length });
    if (bytes.length < length) throw new Refusal(409, "it became shorter");
    headers["content-digest"] = contentDigest(bytes);
    return new Response(bytes, { status, headers });
  }
  const pieces = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let at = from; at < to;) {
      const bytes = await store.read(name, { offset: at, length: Math.min(1024 * 1024, to - at) });
      if (bytes.length === 0) throw new Error("it became shorter");
      yield bytes;
      at += bytes.length;
    }
  };
  return new Response(ReadableStream.from(pieces()), { status, headers });
}
