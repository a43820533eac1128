import type { AnswerHeader, Parameter } from "../../api/contract.ts";
import { BYTES, counted, json, JSON_TYPE, nothing, PARTIAL, PLAIN, RANGE } from "../../api/parts.ts";
import { like, named, oneOf } from "../../api/schema.ts";
import type { Endpoint, StoreCall } from "../call.ts";
import { PART } from "./parts.ts";
import { readStoreFile } from "./read_store_file.ts";

const NAME: Parameter = {
  name: "name",
  in: "path",
  help: "a file or folder as it is called in the repository; one that ends with / means what stands in a folder",
  schema: like(`^${PART}(?:/${PART})*/?$`, { maxLength: 2048 }),
  example: "dbx.json",
};

const STAT: Readonly<Record<string, AnswerHeader>> = {
  "dbx-kind": { help: "what it is", schema: oneOf(["file", "folder", "other"]), required: true },
  "dbx-size": counted("bytes"),
  "dbx-modified-at": { help: "milliseconds since the Unix epoch", schema: { type: "number" } },
};

/** `GET /api/v1/files/` */
export const listAll: Endpoint<StoreCall> = {
  answers: { 200: json("files and folders", named("Entries")) },
  errors: [404],
  handle: (call) => readStoreFile(call, ""),
};

/** `GET /api/v1/files/{name}` */
export const readFile: Endpoint<StoreCall> = {
  help: "A listing has what stands directly in a folder: see SYNC.md.",
  parameters: [NAME, RANGE],
  answers: {
    200: { help: "the bytes, or the list", content: { [BYTES]: PLAIN, [JSON_TYPE]: named("Entries") } },
    206: PARTIAL,
  },
  errors: [404, 409, 422],
  handle: (call) => readStoreFile(call, call.path.name),
};

/** `HEAD /api/v1/files/{name}` */
export const headFile: Endpoint<StoreCall> = {
  parameters: [NAME],
  answers: { 200: { help: "what it is", headers: STAT }, 404: nothing("it is not there") },
  errors: [422],
  handle: (call) => readStoreFile(call, call.path.name),
};
