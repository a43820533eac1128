import { MARKER_FILE } from "../../../format/layout/names.ts";
import type { AnswerHeader, Parameter } from "../../api/contract.ts";
import { BYTES, counted, json, JSON_TYPE, nothing, PARTIAL, PLAIN, RANGE } from "../../api/parts.ts";
import { like, named, oneOf } from "../../api/schema.ts";
import type { Endpoint, StoreCall } from "../call.ts";
import { PART } from "./parts.ts";
import { readStoreFile } from "./read_store_file.ts";

const NAME: Parameter = {
  name: "name",
  in: "path",
  help: "the path of a file or folder in the repository; a path that ends with / stands for the contents of the folder",
  schema: like(`^${PART}(?:/${PART})*/?$`, { maxLength: 2048 }),
  example: MARKER_FILE,
};

const STAT: Readonly<Record<string, AnswerHeader>> = {
  "dbx-kind": { help: "whether it is a file or a folder", schema: oneOf(["file", "folder", "other"]), required: true },
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
  help: "A name that ends with / means the entries of a folder; see SYNC.md.",
  parameters: [NAME, RANGE],
  answers: {
    200: { help: "the bytes, or the entries", content: { [BYTES]: PLAIN, [JSON_TYPE]: named("Entries") } },
    206: PARTIAL,
  },
  errors: [404, 409, 422],
  handle: (call) => readStoreFile(call, call.path.name),
};

/** `HEAD /api/v1/files/{name}` */
export const headFile: Endpoint<StoreCall> = {
  parameters: [NAME],
  answers: { 200: { help: "whether it is a file or a folder", headers: STAT }, 404: nothing("it does not exist") },
  errors: [422],
  handle: (call) => readStoreFile(call, call.path.name),
};
