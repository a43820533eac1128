import { bytesOf } from "../../api/body.ts";
import { BYTES, json, MIB, whole } from "../../api/parts.ts";
import { named } from "../../api/schema.ts";
import { HttpError } from "../../http/http_error.ts";
import { countOf } from "../../http/query_string.ts";
import { addPart } from "../../repository/uploads.ts";
import type { Call, Endpoint } from "../call.ts";
import { SHA256, UPLOAD, uploadOf } from "./upload.ts";

/** `PUT /api/v1/objects/{sha256}` */
export const sendObject: Endpoint<Call> = {
  help: "An interrupted upload continues at the size that HEAD reports in dbx-partial.",
  parameters: [
    SHA256,
    whole("offset", "offset of the part"),
    whole("size", "length of the whole object in bytes"),
    UPLOAD,
  ],
  body: { type: BYTES, help: "bytes", bytes: 16 * MIB, required: false },
  answers: {
    201: json("it exists", named("Uploaded")),
    202: json("parts are missing", named("Uploaded")),
  },
  errors: [409, 416, 422, 507],

  async handle(call) {
    const { served, path: { sha256 }, url: { searchParams: search }, grant } = call;
    const bytes = await bytesOf(call);
    const offset = countOf(search, "offset") ?? 0;
    const size = countOf(search, "size") ?? offset + bytes.length;
    if (offset + bytes.length > size) throw new HttpError(400, "the part reaches beyond the size");
    const part = { sha256, upload: uploadOf(call), offset, size, bytes };
    const done = await addPart(served.store, part, served.writes.guard(grant));
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
  },
};
