import { DamageError, GarbledError } from "../../base/errors.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import { purgedId, purgedIn } from "../../format/layout/tombstone.ts";
import { GONE } from "../../store/local/purge/tombstones.ts";
import { DIGEST_DIGITS, MAX_BUCKETS } from "../../protocol/inventory_digests.ts";
import { decodeParts, FrameEncoder } from "../../protocol/frames.ts";
import { COLLECTED } from "../../protocol/integrity.ts";
import { groupDigests, proofJson } from "../../client/store/ask_prefix_hashes.ts";
import type {
  BulkOptions,
  BulkStore,
  FileChunk,
  FileIssue,
  FileTime,
  Prefix,
  ReadRange,
  WriteReport,
} from "../../store/store.ts";
import type { Beginning } from "../http/read_body.ts";
import { HttpError } from "../http/http_error.ts";
import type { InventoryQuestion } from "./inventories.ts";
import { countOf, fail, guardOf, inTurn, nameOf, type Options, timeOf } from "./store_options.ts";

/** Bytes of all parts of one body when they are inflated, and questions in one. */
const INFLATED = 64 * 1024 * 1024;
const QUESTIONS = 100_000;
/** Milliseconds between two looks for something new. */
const NEWS_MS = 100;

/** What was taken, and of each file of the body, in the order in which they begin, up to which byte; null: a setback tells. */
export type TakenAnswer = Pick<WriteReport, "files" | "bytes" | "setbacks"> & {
  readonly taken: readonly (number | null)[];
};

/** Of a body that does not come to its end, the whole frames are taken: who sends the rest later goes on from there. */
export async function take(
  store: BulkStore,
  body: Beginning,
  search: URLSearchParams,
  options: Options,
): Promise<TakenAnswer> {
  const { hide = (message) => message } = options;
  const known = search.get("tombstones");
  const tombstones = known === null ? undefined : countOf(Number(known));
  const all = await allParts(body);
  let taken: WriteReport;
  try {
    taken = await store.writeMany(ReadableStream.from(all), {
      guard: guardOf(options),
      signal: options.gone,
      tombstones,
    });
  } finally {
    // Some of it may be there, though not all could be taken.
    options.onChange?.();
    await options.writes?.sync();
  }
  if (body.cut !== undefined) throw body.cut;
  const ends = new Map<string, number>();
  for (const { name, offset, bytes } of all.flat()) ends.set(name, offset + bytes.length);
  const setbacks = [...taken.setbacks, ...purgedAgain([...ends.keys()], taken.setbacks)]
    .map((setback) => ({ ...setback, message: hide(setback.message) }));
  const lost = new Set(setbacks.map(({ name }) => name));
  const { files, bytes } = taken;
  return { files, bytes, setbacks, taken: Array.from(ends, ([name, end]) => (lost.has(name) ? null : end)) };
}

/** Files of a body that went again with a tombstone that came behind them. */
function purgedAgain(names: readonly string[], setbacks: readonly FileIssue[]): FileIssue[] {
  const lost = new Set(setbacks.map(({ name }) => name));
  const there = names.filter((name) => !lost.has(name));
  const ids = new Set(there.map(purgedId));
  ids.delete(undefined);
  if (ids.size === 0) return [];
  return there.filter((name) => purgedIn(name, (id) => ids.has(id)) !== undefined)
    .map((name) => ({ name, kind: "refused", message: GONE }));
}

/** All parts of a body are read before the first one is taken: of a whole body with a fault nothing is. */
async function allParts({ bytes, cut }: Beginning): Promise<(readonly FileChunk[])[]> {
  const parts: (readonly FileChunk[])[] = [];
  try {
    const frames = decodeParts(ReadableStream.from([bytes]), { who: "the client", limit: INFLATED });
    for await (const batch of frames) parts.push(batch);
  } catch (error) {
    // Of what breaks the rules nothing is taken, but that a body that was cut has no end is no wonder.
    if (error instanceof DamageError && !(error instanceof GarbledError)) throw new HttpError(400, error.message);
    if (cut === undefined) throw error;
  }
  return parts;
}

function listOf(json: Record<string, unknown>, key: string): unknown[] {
  const list = json[key];
  if (!Array.isArray(list)) return fail(`the body has no list "${key}"`);
  return list.length <= QUESTIONS ? list : fail(`"${key}" has more than ${QUESTIONS} items`);
}

/** `POST sync/inventory`. */
export async function inventory(json: Record<string, unknown>, request: Request, options: Options): Promise<Response> {
  const { inventories, bulk, client } = options;
  const buckets = json.buckets === undefined ? 1 : countOf(json.buckets);
  if (buckets < 1 || buckets > MAX_BUCKETS) fail("invalid number of buckets");
  const known = json.digests ?? "";
  if (typeof known !== "string" || (known !== "" && known.length !== buckets * DIGEST_DIGITS)) {
    throw new HttpError(422, "malformed digests");
  }
  const asked = { fresh: json.fresh === true, buckets, known };
  if (known !== "" && json.wait !== undefined) await untilNews(asked, countOf(json.wait), options);
  await bulk.cutAreTaken(client); // A program that was killed and started again goes on from there.
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

/** `POST sync/prove`: the proofs, or the digests of groups of them. */
export async function prove(
  store: BulkStore,
  json: Record<string, unknown>,
  options: Options,
  how: BulkOptions,
): Promise<{ readonly proofs: readonly unknown[] } | { readonly groups: readonly string[] }> {
  const group = json.group === undefined ? undefined : countOf(json.group);
  const proofs = await proofsOf(store, json, options, how);
  return group === undefined ? { proofs } : { groups: groupDigests(proofs, Math.max(1, group)) };
}

async function proofsOf(
  store: BulkStore,
  json: Record<string, unknown>,
  options: Options,
  how: BulkOptions,
): Promise<unknown[]> {
  const extents = listOf(json, "extents").map((item): Prefix => {
    const [name, length] = Array.isArray(item) ? item as unknown[] : fail("malformed prefix");
    return { name: nameOf(name, options), length: length === undefined ? undefined : countOf(length) };
  });
  const proofs = await store.hashPrefixes(extents, how);
  const absent = extents.filter(({ name }, at) => proofs[at] === undefined && classifyPath(name) === "object");
  const collected = await store.collected?.(absent.map(({ name }) => name));
  return proofs.map((proof, at) => {
    return proof === undefined && collected?.has(extents[at].name) ? COLLECTED : proofJson(proof);
  });
}

/** `POST sync/give`. */
export function give(store: BulkStore, json: Record<string, unknown>, options: Options, how: BulkOptions): Response {
  const names = new Set<unknown>();
  const wants = listOf(json, "wants").map((item): ReadRange => {
    const [name, offset] = Array.isArray(item) ? item as unknown[] : fail("malformed range");
    if (names.has(name)) fail("a file is requested twice");
    names.add(name);
    return { name: nameOf(name, options), offset: countOf(offset) };
  });
  const frames = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const encoder = new FrameEncoder();
    for await (const batch of store.readMany(wants, how)) {
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

/** `POST sync/settle`. */
export async function settle(store: BulkStore, json: Record<string, unknown>, options: Options): Promise<Response> {
  const files = listOf(json, "files").map((item): FileTime => {
    const [name, size, modifiedAt] = Array.isArray(item) ? item as unknown[] : fail("malformed file entry");
    return { name: nameOf(name, options), size: countOf(size), modifiedAt: timeOf(modifiedAt) };
  });
  await store.setModifiedTimes(files, { guard: guardOf(options) });
  return new Response(null, { status: 204 });
}
