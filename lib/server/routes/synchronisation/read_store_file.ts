import { classifyPath } from "../../../format/layout/file_kind.ts";
import { CHECK_HEADER, contentDigest, objectDigest, statCheck } from "../../../protocol/integrity.ts";
import { HttpError } from "../../http/http_error.ts";
import { digestedJson } from "../../http/responses.ts";
import type { StoreCall } from "../call.ts";
import { inTurn } from "./store_call.ts";

/** A part of a file of at most so many bytes is sent with its digest. */
const DIGESTED = 4 * 1024 * 1024;
/** Files of at least so many bytes are read when it is a client's turn. */
const LARGE = 256 * 1024;

/** A file or folder, or, of `HEAD`, what it is, as `lib/docs/SYNC.md` describes it. A name that ends with `/` means a listing. */
export async function readStoreFile(call: StoreCall, asked: string): Promise<Response> {
  const { request, files } = call;
  const isListing = asked === "" || asked.endsWith("/");
  const name = isListing ? asked.slice(0, -1) : asked;
  files.checkInside(name);
  if (isListing && request.method === "GET") {
    return await inTurn(call, async () => {
      const entries = await Array.fromAsync(files.store.list(name));
      return digestedJson(entries.filter((entry) => !entry.name.startsWith(".")));
    });
  }
  const stat = name === "" ? { kind: "folder" as const, size: 0 } : await files.store.stat(name);
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
  if (!Number.isSafeInteger(from)) throw new HttpError(400, "malformed range");
  const length = Math.max(0, to - from);
  headers["content-length"] = String(length);
  const status = range === null || length === 0 ? 200 : 206;
  if (status === 206) headers["content-range"] = `bytes ${from}-${from + length - 1}/${stat.size}`;
  if (classifyPath(name) === "object") headers["repr-digest"] = objectDigest(name.slice(-64));
  if (length <= DIGESTED) {
    const whole = async () => {
      const bytes = length === 0 ? new Uint8Array() : await files.store.read(name, { offset: from, length });
      if (bytes.length < length) throw new HttpError(409, "it was truncated while it was read");
      headers["content-digest"] = contentDigest(bytes);
      return new Response(bytes, { status, headers });
    };
    return await (length < LARGE ? whole() : inTurn(call, whole));
  }
  const pieces = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let at = from; at < to;) {
      const bytes = await files.store.read(name, { offset: at, length: Math.min(1024 * 1024, to - at) });
      if (bytes.length === 0) throw new Error("it was truncated while it was read");
      yield bytes;
      at += bytes.length;
    }
  };
  return await inTurn(call, () => Promise.resolve(new Response(ReadableStream.from(pieces()), { status, headers })));
}
