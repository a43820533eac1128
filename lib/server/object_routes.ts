import { objectName } from "../format/names.ts";
import { isSha256 } from "../format/specials.ts";
import { inBulk } from "../store/bulk.ts";
import type { Part } from "../store/store.ts";
import { readBody } from "./body.ts";
import { Refusal } from "./refusal.ts";
import { BODY, countOf } from "./request_body.ts";
import type { Role } from "./roles.ts";
import type { Served } from "./served.ts";

/**
 * `/objects/<sha256>`: `GET` and `HEAD` with ranges; `PUT ?offset=N&size=M` sends a part of M bytes. The answer to a part
 * says how many bytes are there: `{"size":…,"done":…}`; a cut upload goes on from there, which `HEAD` tells too
 * (`dbx-partial`). Objects never change, so that they may be kept for ever.
 */
export async function objects(
  served: Served,
  request: Request,
  url: URL,
  sha256: string,
  role: Role,
): Promise<Response> {
  if (!isSha256(sha256)) throw new Refusal(400, "the name of an object is a SHA-256 of 64 hexadecimal digits");
  const name = objectName(sha256);
  if (request.method !== "PUT") {
    const there = await served.store.stat(name);
    if (there === undefined && request.method === "HEAD") {
      const partial = await partialSize(served, sha256);
      return new Response(null, { status: 404, headers: partial > 0 ? { "dbx-partial": String(partial) } : {} });
    }
    const etag = `"${sha256}"`;
    if (there !== undefined && request.headers.get("if-none-match")?.includes(etag)) {
      return new Response(null, { status: 304, headers: { etag } });
    }
    const to = new URL(`/api/v1/files/${name}`, url);
    const response = await served.sync(new Request(to, { method: request.method, headers: request.headers }), role);
    if (response.ok) {
      response.headers.set("etag", etag);
      response.headers.set("cache-control", "private, max-age=31536000, immutable");
    }
    return response;
  }
  const bytes = await readBody(request, BODY);
  const offset = countOf(url.searchParams, "offset") ?? 0;
  const size = countOf(url.searchParams, "size") ?? offset + bytes.length;
  if (offset + bytes.length > size) throw new Refusal(400, "the part reaches beyond the size");
  const part: Part = { name, offset, bytes, end: offset + bytes.length === size, size };
  const { setbacks: [setback] } = await inBulk(served.store).take(ReadableStream.from([[part]]));
  const there = (await served.store.stat(name))?.size;
  const partial = there ?? await partialSize(served, sha256);
  if (setback !== undefined && there === undefined) {
    const status = setback.kind === "damaged" ? 400 : setback.kind === "retry" ? 416 : 409;
    return Response.json({ error: setback.message, size: partial }, { status });
  }
  if (there !== undefined) served.changed();
  return Response.json({ size: partial, done: there !== undefined }, { status: there === undefined ? 202 : 201 });
}

async function partialSize(served: Served, sha256: string): Promise<number> {
  return (await served.store.stat(`.dbx/incoming/${sha256}`))?.size ?? 0;
}
