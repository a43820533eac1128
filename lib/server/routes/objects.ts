import { createHash } from "node:crypto";
import { objectName } from "../../format/layout/names.ts";
import { isSha256 } from "../../format/json/special_values.ts";
import { CHECK_HEADER } from "../../protocol/integrity.ts";
import { readBody } from "../http/read_body.ts";
import { HttpError } from "../http/http_error.ts";
import { BODY, countOf } from "../http/request_body.ts";
import { OWNER } from "../access/roles.ts";
import type { ServedRepository } from "../repository/served_repository.ts";
import type { Asking } from "../repository/store_options.ts";
import { addPart, uploadedBytes } from "../repository/uploads.ts";

/**
 * `/objects/<sha256>`: `GET` and `HEAD` with ranges; `PUT ?offset=N&size=M&upload=ID` sends a part of an object of M
 * bytes. The answer to a part says how many bytes are there: `{"size":…,"done":…}`; a cut upload goes on from there, which
 * `HEAD` tells too (`dbx-partial`). Uploads of other ids share nothing. Objects never change, so that they may be kept for
 * ever.
 */
export async function objects(
  served: ServedRepository,
  request: Request,
  url: URL,
  sha256: string,
  asking: Asking,
): Promise<Response> {
  if (!isSha256(sha256)) throw new HttpError(400, "the name of an object is a SHA-256 of 64 hexadecimal digits");
  const name = objectName(sha256);
  const upload = uploadOf(request, url);
  if (request.method !== "PUT") {
    const there = await served.store.stat(name);
    if (there === undefined && request.method === "HEAD") {
      const partial = uploadedBytes(served.store, sha256, upload);
      return new Response(null, { status: 404, headers: partial > 0 ? { "dbx-partial": String(partial) } : {} });
    }
    const etag = `"${sha256}"`;
    if (there !== undefined && request.headers.get("if-none-match")?.includes(etag)) {
      return new Response(null, { status: 304, headers: { etag } });
    }
    const to = new URL(`/api/v1/files/${name}`, url);
    const headers = new Headers(request.headers);
    headers.delete(CHECK_HEADER); // It is of the address that was asked for, and was compared.
    const response = await served.sync(new Request(to, { method: request.method, headers }), asking);
    if (response.ok) {
      response.headers.set("etag", etag);
      response.headers.set("cache-control", "private, max-age=31536000, immutable");
    }
    return response;
  }
  const bytes = await readBody(request, BODY);
  const offset = countOf(url.searchParams, "offset") ?? 0;
  const size = countOf(url.searchParams, "size") ?? offset + bytes.length;
  if (offset + bytes.length > size) throw new HttpError(400, "the part reaches beyond the size");
  const done = await addPart(
    served.store,
    { sha256, upload, offset, size, bytes },
    served.writes.guard(asking.caller ?? OWNER),
  );
  switch (done.state) {
    case "placed":
      served.changed();
      return Response.json({ size: done.size, done: true }, { status: 201 });
    case "waiting":
      return Response.json({ size: done.size, done: false }, { status: 202 });
    case "gap":
      throw new HttpError(416, `${done.size} bytes of it have arrived, fewer than ${offset}`, {}, done.size);
    case "damaged":
      throw new HttpError(
        422,
        "its bytes do not have the SHA-256 that its name gives; send it again from the start",
        {},
        0,
      );
  }
}

/** Requester upload a request goes on with: as it says, or else that of all who ask with the same token. */
function uploadOf(request: Request, url: URL): string {
  const upload = url.searchParams.get("upload");
  if (upload === null) {
    const { headers } = request;
    const who = `${headers.get("authorization") ?? ""}\n${headers.get("cookie") ?? ""}`;
    return createHash("sha256").update(who).digest("hex").slice(0, 16);
  }
  if (!/^[0-9a-z]{1,64}$/.test(upload)) throw new HttpError(400, `"upload" is not a name of up to 64 of 0-9a-z`);
  return upload;
}
