import { classifyPath } from "../../format/layout/file_kind.ts";
import type { BulkStore } from "../../store/store.ts";
import { CHECK_HEADER, contentDigest, objectDigest, statCheck } from "../../protocol/integrity.ts";
import { digestedJson } from "../http/responses.ts";
import { HttpError } from "../http/http_error.ts";
import { fail, inTurn, type Options } from "./store_options.ts";

/** A part of a file of at most so many bytes is sent with its digest. */
const DIGESTED = 4 * 1024 * 1024;
/** Files of at least so many bytes are read when it is a client's turn. */
const LARGE = 256 * 1024;

/** `files/…`: reads files one by one, as `lib/docs/SYNC.md` describes them. */
export async function files(
  store: BulkStore,
  request: Request,
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
  if (request.method !== "HEAD" && request.method !== "GET") {
    throw new HttpError(405, "this method is not offered here", { allow: "GET, HEAD" });
  }
  return await read(store, request, name, isFolder, options);
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
  if (stat === undefined) throw new HttpError(404, "it does not exist");
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
  if (stat.kind !== "file" || classifyPath(name) === undefined) {
    throw new HttpError(404, "not a file that belongs in a repository");
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  const from = range === null ? 0 : Number(range[1]);
  const to = range === null || range[2] === "" ? stat.size : Math.min(stat.size, Number(range[2]) + 1);
  if (!Number.isSafeInteger(from)) fail("malformed range");
  const length = Math.max(0, to - from);
  headers["content-length"] = String(length);
  const status = range === null || length === 0 ? 200 : 206;
  if (status === 206) headers["content-range"] = `bytes ${from}-${from + length - 1}/${stat.size}`;
  if (classifyPath(name) === "object") headers["repr-digest"] = objectDigest(name.slice(-64));
  if (length <= DIGESTED) {
    const whole = async () => {
      const bytes = length === 0 ? new Uint8Array() : await store.read(name, { offset: from, length });
      if (bytes.length < length) throw new HttpError(409, "it was truncated while it was read");
      headers["content-digest"] = contentDigest(bytes);
      return new Response(bytes, { status, headers });
    };
    return await (length < LARGE ? whole() : inTurn(options, whole));
  }
  const pieces = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let at = from; at < to;) {
      const bytes = await store.read(name, { offset: at, length: Math.min(1024 * 1024, to - at) });
      if (bytes.length === 0) throw new Error("it was truncated while it was read");
      yield bytes;
      at += bytes.length;
    }
  };
  return await inTurn(options, () => Promise.resolve(new Response(ReadableStream.from(pieces()), { status, headers })));
}
