import { objectName } from "../../../format/layout/names.ts";
import { BYTES, counted, PARTIAL, PLAIN, RANGE, UNCHANGED } from "../../api/parts.ts";
import { isFresh } from "../../http/responses.ts";
import { uploadedBytes } from "../../repository/uploads.ts";
import type { Call, Endpoint } from "../call.ts";
import { readStoreFile } from "../synchronisation/read_store_file.ts";
import { SHA256, UPLOAD, uploadOf } from "./upload.ts";

/** `GET /api/v1/objects/{sha256}` */
export const readObject: Endpoint<Call> = {
  parameters: [SHA256, RANGE],
  answers: { 200: { help: "the bytes", content: { [BYTES]: PLAIN } }, 206: PARTIAL, 304: UNCHANGED },
  errors: [404, 409],
  handle: read,
};

/** `HEAD /api/v1/objects/{sha256}` */
export const headObject: Endpoint<Call> = {
  parameters: [SHA256, UPLOAD],
  answers: {
    200: { help: "it exists", headers: { "dbx-size": counted("bytes") } },
    304: UNCHANGED,
    404: {
      help: "it does not exist",
      headers: { "dbx-partial": counted("number of bytes that have arrived", false) },
    },
  },

  async handle(call) {
    const { served: { store }, path: { sha256 } } = call;
    if (await store.stat(objectName(sha256)) !== undefined) return await read(call);
    const partial = uploadedBytes(store, sha256, uploadOf(call));
    return new Response(null, { status: 404, headers: partial > 0 ? { "dbx-partial": String(partial) } : {} });
  },
};

async function read(call: Call): Promise<Response> {
  const { request, path: { sha256 }, served: { store } } = call;
  const name = objectName(sha256);
  const etag = `"${sha256}"`;
  if (isFresh(request, etag) && await store.stat(name) !== undefined) {
    return new Response(null, { status: 304, headers: { etag } });
  }
  const response = await readStoreFile(call, name);
  response.headers.set("etag", etag);
  // Objects never change, so that they may be kept for ever.
  response.headers.set("cache-control", "private, max-age=31536000, immutable");
  return response;
}
