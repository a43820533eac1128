import { kindOfName } from "../format/kinds.ts";
import { parseMarker } from "../format/marker.ts";
import type { BulkStore } from "../store/bulk.ts";
import type { WriteGuard } from "../store/guard.ts";
import { CHECK_HEADER, contentDigest, objectDigest, statCheck } from "../store/remote/integrity.ts";
import type { Part } from "../store/store.ts";
import { digestedJson } from "./answers.ts";
import { readBody } from "./body.ts";
import { Refusal } from "./refusal.ts";
import { BODY, checkWritable, countOf, fail, guardOf, inTurn, type Options } from "./store_options.ts";

/** A part of a file of at most so many bytes is sent with its digest. */
const DIGESTED = 4 * 1024 * 1024;
/** Files of at least so many bytes are read when it is a client's turn. */
const LARGE = 256 * 1024;

/** `files/…`: files one by one, as `lib/sync/SYNC.md` describes them. */
export async function files(
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
