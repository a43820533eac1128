import { GarbledError, messageOf } from "../base/errors.ts";
import { kindOfName } from "../format/kinds.ts";
import { parseMarker } from "../format/marker.ts";
import { type BulkStore, inBulk } from "../store/bulk.ts";
import { DIGEST_DIGITS, MAX_BUCKETS } from "../store/remote/digests.ts";
import { decodeParts, FrameEncoder } from "../store/remote/frames.ts";
import {
  CHECK_HEADER,
  COLLECTED,
  contentDigest,
  isIntact,
  objectDigest,
  statCheck,
} from "../store/remote/integrity.ts";
import type { Changes } from "../live/changes.ts";
import { LocalStore } from "../store/local.ts";
import type { WriteGuard } from "../store/guard.ts";
import type { BulkOptions, Extent, FileEntry, Part, Store, Taken, Want } from "../store/store.ts";
import { checkRight } from "./access.ts";
import { digestedJson } from "./answers.ts";
import { jsonOf } from "./api/body.ts";
import { type Beginning, readBeginning, readBody } from "./body.ts";
import { BulkWork } from "./bulk_work.ts";
import { Inventories, type InventoryQuestion } from "./inventories.ts";
import { type Caller, OWNER } from "./roles.ts";
import type { Writes } from "./writes/writes.ts";
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
  /** Tells of what anybody writes; without it nobody is kept waiting for news. */
  readonly changes?: Changes;
  /** Who may write what. Undefined: all who may ask may do all, as through a pipe. */
  readonly writes?: Writes;
  /** Where work in bulk waits for its turn, with that for other repositories. */
  readonly bulk?: BulkWork;
}

/** Who asks. */
export interface Asking {
  /** What they may do. Default: all. */
  readonly caller?: Caller;
  /** Whose the request is: work in bulk is bounded for each. Default: one for all. */
  readonly client?: string;
  /** Aborts when who asks has left. */
  readonly gone?: AbortSignal;
  /** Resolves when the answer is sent, or cut. Default: work in bulk is over when its answer begins. */
  readonly sent?: Promise<void>;
}

/** Bytes of a body, all parts of one body when they are inflated, and questions in one. */
const BODY = { bytes: 16 * 1024 * 1024, patience: 30_000 };
const INFLATED = 64 * 1024 * 1024;
const QUESTIONS = 100_000;

/** Milliseconds between two looks for something new. */
const NEWS_MS = 100;

/** A part of a file of at most so many bytes is sent with its digest. */
const DIGESTED = 4 * 1024 * 1024;

/** Files of at least so many bytes are read when it is a client's turn. */
const LARGE = 256 * 1024;

/**
 * Answers requests below `/api/v1/` about one repository, in the thread that calls it. What takes long gives way to other
 * work every few milliseconds, and each client has four such requests at the same time; how many small ones there are, and how
 * slow clients may be, is for the caller to bound, as {@linkcode serveHttp} does.
 */
export function storeRoutes(
  plain: Store,
  options: RouteOptions = {},
): (request: Request, asking?: Asking) => Promise<Response> {
  const store = inBulk(plain);
  const { bulk = new BulkWork() } = options;
  // A writer that did not know of a purge went on: what it wrote goes again.
  const again = plain instanceof LocalStore && options.readOnly !== true
    ? (ids: readonly string[]) => buryAgain(plain, ids, options)
    : undefined;
  const inventories = new Inventories(store, bulk.paceOf("inventories"), again);
  const inside = (name: string) => plain instanceof LocalStore && plain.checkInside(name);
  return async (request, { caller = OWNER, client = "all", gone, sent } = {}) => {
    try {
      if (!isIntact(request)) throw garbled();
      return await answer(store, request, { ...options, caller, client, gone, sent, bulk, inventories, inside });
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
  readonly client: string;
  readonly gone?: AbortSignal;
  readonly sent?: Promise<void>;
  readonly bulk: BulkWork;
  readonly inventories: Inventories;
  /** Refuses a name that leads out of the repository by a link. */
  readonly inside: (name: string) => void;
};

/** Work in bulk for who asks. */
function inTurn(
  { bulk, client, gone, sent }: Options,
  work: (how: Required<BulkOptions>) => Promise<Response>,
): Promise<Response> {
  return bulk.run({ client, gone, sent }, (pace, signal) => work({ pace, signal }));
}

async function answer(store: BulkStore, request: Request, options: Options): Promise<Response> {
  const url = new URL(request.url);
  const at = /^\/api\/v1\/(files|sync)\/(.*)$/.exec(url.pathname);
  if (at === null) throw new Refusal(404, "there is no such route");
  const [, group, rest] = at;
  if (group === "files") return await files(store, request, url, rest, options);
  if (request.method !== "POST") throw new Refusal(405, "only POST is taken here", { allow: "POST" });
  switch (rest) {
    case "inventory":
      return await inventory(await jsonOf("inventory", request), request, options);
    case "prove":
      return await inTurn(options, async (how) => {
        return digestedJson({ proofs: await prove(store, await jsonOf("prove", request), options, how) });
      });
    case "give":
      return await inTurn(options, async (how) => give(store, await jsonOf("give", request), options, how));
    case "take":
      checkWritable(options);
      return await inTurn(options, async () => {
        const body = await readBeginning(request, BODY);
        // What came of a body that was cut is taken, though nobody waits for it any more.
        const gone = body.cut === undefined ? options.gone : undefined;
        return digestedJson(
          await options.bulk.take(options.client, gone, () => take(store, body, { ...options, gone })),
        );
      });
    case "settle":
      checkWritable(options);
      return await inTurn(options, async () => settle(store, await jsonOf("settle", request), options));
  }
  throw new Refusal(404, "there is no such route");
}

function checkWritable({ readOnly, caller }: Options): void {
  if (readOnly) throw new Refusal(403, "it is open for reading only");
  checkRight(caller, "write");
}

function guardOf({ writes, caller }: Options): WriteGuard | undefined {
  // Where nobody decides over single writes, only those write who may write all.
  if (writes === undefined) checkRight(caller, "others");
  return writes?.guard(caller);
}

/** What was taken, and of each file of the body, in the order in which they begin, up to which byte; null: a setback tells. */
type TakenAnswer = Taken & { readonly taken: readonly (number | null)[] };

/** Of a body that does not come to its end, the whole frames are taken: who sends the rest later goes on from there. */
async function take(store: BulkStore, body: Beginning, options: Options): Promise<TakenAnswer> {
  const { hide = (message) => message } = options;
  const all = await allParts(body);
  let taken: Taken;
  try {
    taken = await store.take(ReadableStream.from(all), { guard: guardOf(options), signal: options.gone });
  } finally {
    // Some of it may be there, though not all could be taken.
    options.onChange?.();
    await options.writes?.sync();
  }
  if (body.cut !== undefined) throw body.cut;
  const setbacks = taken.setbacks.map((setback) => ({ ...setback, message: hide(setback.message) }));
  const ends = new Map<string, number>();
  for (const { name, offset, bytes } of all.flat()) ends.set(name, offset + bytes.length);
  const lost = new Set(setbacks.map(({ name }) => name));
  return { ...taken, setbacks, taken: Array.from(ends, ([name, end]) => (lost.has(name) ? null : end)) };
}

/** All parts of a body are read before the first one is taken: of a whole body with a fault nothing is. */
async function allParts({ bytes, cut }: Beginning): Promise<(readonly Part[])[]> {
  const parts: (readonly Part[])[] = [];
  try {
    const frames = decodeParts(ReadableStream.from([bytes]), { who: "the client", limit: INFLATED });
    for await (const batch of frames) parts.push(batch);
  } catch (error) {
    // Of what breaks the rules nothing is taken, but that a body that was cut has no end is no wonder.
    if (cut === undefined || !(error instanceof GarbledError)) throw error;
  }
  return parts;
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

/** Milliseconds since the Unix epoch; before it there are files too. */
function timeOf(value: unknown): number {
  return Number.isSafeInteger(value) ? value as number : fail("a time that is none");
}

function buryAgain(store: LocalStore, ids: readonly string[], { onError }: RouteOptions): void {
  store.bury(ids).then(
    ({ problems }) => problems.forEach((problem) => onError?.(problem)),
    (error) => onError?.(messageOf(error)),
  );
}

async function inventory(json: Record<string, unknown>, request: Request, options: Options): Promise<Response> {
  const { inventories } = options;
  const buckets = json.buckets === undefined ? 1 : countOf(json.buckets);
  if (buckets < 1 || buckets > MAX_BUCKETS) fail("a number of buckets that is not possible");
  const known = json.digests ?? "";
  if (typeof known !== "string" || (known !== "" && known.length !== buckets * DIGEST_DIGITS)) {
    throw new Refusal(422, "the digests are not those of so many buckets");
  }
  const asked = { fresh: json.fresh === true, buckets, known };
  if (known !== "" && json.wait !== undefined) await untilNews(asked, countOf(json.wait), options);
  return await inTurn(options, async (how) => {
    const pieces = inventories.answer(asked, how);
    // What keeps all of it from being told is told before the answer begins.
    const first = await pieces.next();
    const all = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      if (!first.done) yield first.value;
      yield* pieces;
    };
    return packed(ReadableStream.from(all()), "application/jsonl", request);
  });
}

/** Waits for something that a client does not know, so many seconds at most. Nobody's turn is held meanwhile. */
async function untilNews(asked: InventoryQuestion, seconds: number, options: Options): Promise<void> {
  const { changes, bulk, gone, inventories } = options;
  if (changes === undefined) return;
  const until = performance.now() + seconds * 1000;
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, bulk.ended, ...gone === undefined ? [] : [gone]]);
  let isChanged = true, wake = () => {};
  changes.watch(() => {
    isChanged = true;
    wake();
  }, signal);
  try {
    while (performance.now() < until && !signal.aborted) {
      if (isChanged) {
        isChanged = false;
        let differs = false;
        await inTurn(options, async (how) => {
          differs = await inventories.differs(asked, how);
          return new Response(null);
        });
        if (differs) return;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const timer = setTimeout(resolve, Math.max(0, until - performance.now()));
      signal.addEventListener("abort", () => resolve(), { once: true });
      if (!isChanged) await promise;
      clearTimeout(timer);
      await new Promise((resolve) => setTimeout(resolve, NEWS_MS)); // Changes come in groups.
    }
  } finally {
    ended.abort();
  }
}

/** A body, compressed if the client takes that. */
function packed(body: ReadableStream<Uint8Array<ArrayBuffer>>, type: string, request: Request): Response {
  const headers: Record<string, string> = { "content-type": type, "cache-control": "no-store" };
  if (!(request.headers.get("accept-encoding") ?? "").includes("gzip")) return new Response(body, { headers });
  headers["content-encoding"] = "gzip";
  return new Response(body.pipeThrough(new CompressionStream("gzip")), { headers });
}

async function prove(
  store: BulkStore,
  json: Record<string, unknown>,
  options: Options,
  how: BulkOptions,
): Promise<unknown[]> {
  const extents = listOf(json, "extents").map((item): Extent => {
    const [name, length] = Array.isArray(item) ? item as unknown[] : fail("an extent that is none");
    return { name: nameOf(name, options), length: length === undefined ? undefined : countOf(length) };
  });
  const proofs = await store.prove(extents, how);
  const absent = extents.filter(({ name }, at) => proofs[at] === undefined && kindOfName(name) === "object");
  const collected = await store.collected?.(absent.map(({ name }) => name));
  return proofs.map((proof, at) => {
    if (proof !== undefined) return [proof.size, proof.whole, proof.sha256 ?? null];
    return collected?.has(extents[at].name) ? COLLECTED : null;
  });
}

function give(store: BulkStore, json: Record<string, unknown>, options: Options, how: BulkOptions): Response {
  const wants = listOf(json, "wants").map((item): Want => {
    const [name, offset] = Array.isArray(item) ? item as unknown[] : fail("a want that is none");
    return { name: nameOf(name, options), offset: countOf(offset) };
  });
  const frames = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const encoder = new FrameEncoder();
    for await (const batch of store.give(wants, how)) {
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
    return { name: nameOf(name, options), size: countOf(size), modifiedAt: timeOf(modifiedAt) };
  });
  await store.settle(files, { guard: guardOf(options) });
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
    name = decodeURIComponent(rest);
  } catch {
    return fail("a name that is badly encoded");
  }
  const isFolder = name === "" || name.endsWith("/");
  if (isFolder) name = name.slice(0, -1);
  // Folders are looked at and listed; files are those of the format, and nothing of `.dbx`.
  if (name.split("/").some((part) => part.startsWith("."))) fail("a name that begins with a dot");
  options.inside(name);
  switch (request.method) {
    case "HEAD":
    case "GET":
      return await read(store, request, name, isFolder, options);
    case "PUT": {
      checkWritable(options);
      const kind = kindOfName(name) ?? fail("a name that no file of a repository has");
      const body = await readBody(request, BODY);
      if (kind === "marker") parseMarker(new TextDecoder().decode(body));
      const guard = guardOf(options);
      if (kind !== "object") await store.create(name, body, { guard });
      else if (!await putObject(store, name, body, guard)) throw new Deno.errors.AlreadyExists("it is there");
      options.onChange?.();
      await options.writes?.sync();
      return new Response(null, { status: 201 });
    }
    case "POST": {
      checkWritable(options);
      const isLog = kindOfName(name) === "log";
      if (!isLog) fail("only logs grow");
      const offset = countOf(Number(url.searchParams.get("offset") ?? NaN));
      const body = await readBody(request, BODY);
      await store.append(name, offset, body, { guard: guardOf(options) });
      options.onChange?.();
      return new Response(null, { status: 204 });
    }
  }
  throw new Refusal(405, "this method is not offered here", { allow: "GET, HEAD, PUT, POST" });
}

/** Objects are compared with their names before they appear. Returns whether it was new. */
async function putObject(
  store: BulkStore,
  name: string,
  bytes: Uint8Array,
  guard: WriteGuard | undefined,
): Promise<boolean> {
  const part: Part = { name, offset: 0, bytes, end: true, size: bytes.length };
  const one = (async function* () {
    yield await Promise.resolve([part]);
  })();
  const { files, setbacks: [setback] } = await store.take(one, { guard });
  if (setback !== undefined) throw new Refusal(setback.kind === "damaged" ? 400 : 409, setback.message);
  return files > 0;
}

async function read(
  store: BulkStore,
  request: Request,
  name: string,
  isListing: boolean,
  options: Options,
): Promise<Response> {
  if (isListing && request.method === "GET") {
    return await inTurn(options, async () => {
      const entries = await Array.fromAsync(store.list(name));
      return digestedJson(entries.filter((entry) => !entry.name.startsWith(".")));
    });
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
    const whole = async () => {
      const bytes = length === 0 ? new Uint8Array() : await store.read(name, { offset: from, length });
      if (bytes.length < length) throw new Refusal(409, "it became shorter");
      headers["content-digest"] = contentDigest(bytes);
      return new Response(bytes, { status, headers });
    };
    return await (length < LARGE ? whole() : inTurn(options, whole));
  }
  const pieces = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let at = from; at < to;) {
      const bytes = await store.read(name, { offset: at, length: Math.min(1024 * 1024, to - at) });
      if (bytes.length === 0) throw new Error("it became shorter");
      yield bytes;
      at += bytes.length;
    }
  };
  return await inTurn(options, () => Promise.resolve(new Response(ReadableStream.from(pieces()), { status, headers })));
}
