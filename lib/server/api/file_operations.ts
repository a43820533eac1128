import { DIGEST_DIGITS, MAX_BUCKETS } from "../../protocol/inventory_digests.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../../protocol/version.ts";
import type { Answer, AnswerHeader, Operations, Parameter } from "./operation.ts";
import { BYTES, counted, json, JSON_TYPE, LINES, MIB, nothing, PLAIN, query, UNCHANGED, whole } from "./parts.ts";
import { count, like, list, named, object, type ObjectSchema, oneOf, type Schema, text } from "./schema.ts";

const PART = "(?![A-Za-z]:)[^./\\\\\\u0000-\\u001f\\u007f][^/\\\\\\u0000-\\u001f\\u007f]{0,254}";
/** What `kindOfName` takes, but for parts with more bytes than characters, and all of them together. */
const FILE = like(
  "^(?:dbx\\.json|objects/([0-9a-f]{2})/\\1[0-9a-f]{62}|" +
    `(?!objects/)(?:${PART}/){0,62}[_0-9a-zA-Z]{13}/(?:${PART}/){0,62}${PART})$`,
  { maxLength: 4096, description: "the path of a file in the repository" },
);
/** The last millisecond that a date can name. */
const LATEST = 8.64e15;
/** Seconds that a client may wait for news. */
const MAX_WAIT_SECONDS = 60;
/** Items of one question. */
const QUESTIONS = 100_000;

const NAME: Parameter = {
  name: "name",
  in: "path",
  help: "the path of a file or folder in the repository; a path that ends with / stands for the contents of the folder",
  schema: like(`^${PART}(?:/${PART})*/?$`, { maxLength: 2048 }),
  example: "dbx.json",
};
const SHA256: Parameter = { name: "sha256", in: "path", help: "64 hexadecimal digits", schema: like("^[0-9a-f]{64}$") };
const UPLOAD = query(
  "upload",
  "the name of the upload; by default all uploads with the same token share one",
  like("^[0-9a-z]{1,64}$"),
);
const VERSION: Parameter = {
  name: PROTOCOL_HEADER,
  in: "header",
  help: "the version of the protocol that the client speaks",
  schema: like(`^${PROTOCOL}$`),
  required: true,
  example: PROTOCOL,
};
const RANGE: Parameter = {
  name: "range",
  in: "header",
  help: "bytes=a-b, or bytes=a-; other ranges are ignored (RFC 9110)",
  schema: text(256),
  example: "bytes=0-9",
};
const CONTENT_RANGE: AnswerHeader = { help: "which bytes, and the total length", schema: text(100), required: true };

const told: Readonly<Record<string, AnswerHeader>> = {
  "dbx-kind": { help: "whether it is a file or a folder", schema: oneOf(["file", "folder", "other"]), required: true },
  "dbx-size": counted("bytes"),
  "dbx-modified-at": { help: "milliseconds since the Unix epoch", schema: { type: "number" } },
};
const PARTIAL: Answer = {
  help: "some of the bytes",
  content: { [BYTES]: PLAIN },
  headers: { "content-range": CONTENT_RANGE },
};

function tuple(...items: readonly Schema[]): ObjectSchema {
  return { type: "array", prefixItems: items, items: false, minItems: 1 };
}

/** Objects, and files one by one and in bulk: synchronisation. */
export const FILE_OPERATIONS = {
  read_object: {
    path: "/api/v1/objects/{sha256}",
    method: "GET",
    right: "read",
    tag: "objects",
    summary: "The contents of a file; ranges are supported.",
    parameters: [SHA256, RANGE],
    answers: { 200: { help: "the bytes", content: { [BYTES]: PLAIN } }, 206: PARTIAL, 304: UNCHANGED },
    errors: [404, 409],
  },
  head_object: {
    path: "/api/v1/objects/{sha256}",
    method: "HEAD",
    right: "read",
    tag: "objects",
    summary: "Whether the object exists; during an upload, `dbx-partial` is the number of bytes that have arrived.",
    parameters: [SHA256, UPLOAD],
    answers: {
      200: { help: "it exists", headers: { "dbx-size": counted("bytes") } },
      304: UNCHANGED,
      404: {
        help: "it does not exist",
        headers: { "dbx-partial": counted("number of bytes that have arrived", false) },
      },
    },
  },
  send_object: {
    path: "/api/v1/objects/{sha256}",
    method: "PUT",
    right: "write",
    tag: "objects",
    summary:
      "Uploads an object in one or several parts; an interrupted upload continues at the size that HEAD reports in dbx-partial.",
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
  },
  flush: {
    path: "/api/v1/flush",
    method: "POST",
    right: "write",
    tag: "synchronisation",
    summary: "Flushes files to disk before it answers.",
    body: {
      type: JSON_TYPE,
      help: "the files",
      schema: object({ files: list(FILE, { maxItems: 10_000 }) }),
      bytes: 2 * MIB,
      examples: { none: { files: [] } },
    },
    answers: { 204: nothing("they are on disk") },
    errors: [404, 422, 507],
  },
  list_all: {
    path: "/api/v1/files/",
    method: "GET",
    right: "read",
    tag: "synchronisation",
    summary: "The top-level entries of the repository.",
    answers: { 200: json("files and folders", named("Entries")) },
    errors: [404],
  },
  read_file: {
    path: "/api/v1/files/{name}",
    method: "GET",
    right: "read",
    tag: "synchronisation",
    summary: "A file of the repository, or the entries of a folder; see SYNC.md.",
    parameters: [NAME, RANGE],
    answers: {
      200: { help: "the bytes, or the entries", content: { [BYTES]: PLAIN, [JSON_TYPE]: named("Entries") } },
      206: PARTIAL,
    },
    errors: [404, 409, 422],
  },
  head_file: {
    path: "/api/v1/files/{name}",
    method: "HEAD",
    right: "read",
    tag: "synchronisation",
    summary: "Type, size and time of a file or folder.",
    parameters: [NAME],
    answers: { 200: { help: "whether it is a file or a folder", headers: told }, 404: nothing("it does not exist") },
    errors: [422],
  },
  inventory: {
    path: "/api/v1/sync/inventory",
    method: "POST",
    right: "read",
    tag: "synchronisation",
    summary: "The inventory of the repository, where it differs from the client's; see SYNC.md.",
    parameters: [VERSION],
    body: {
      type: JSON_TYPE,
      help: "digests of the client's inventory",
      schema: object(
        {
          buckets: { type: "integer", minimum: 1, maximum: MAX_BUCKETS },
          digests: text(MAX_BUCKETS * DIGEST_DIGITS, { pattern: `^(?:[0-9a-f]{${DIGEST_DIGITS}})*$` }),
          fresh: { type: "boolean" },
          wait: count({ maximum: MAX_WAIT_SECONDS }),
        },
        [],
      ),
      bytes: 2 * MIB,
      required: false,
      examples: { all: {} },
    },
    answers: { 200: { help: "files", content: { [LINES]: PLAIN } } },
    errors: [404, 422],
  },
  prove: {
    path: "/api/v1/sync/prove",
    method: "POST",
    right: "read",
    tag: "synchronisation",
    summary: "Hashes of prefixes of files, or one hash per group of them.",
    parameters: [VERSION],
    body: {
      type: JSON_TYPE,
      help: "names and lengths",
      schema: object({
        extents: list(tuple(FILE, count()), { maxItems: QUESTIONS }),
        group: count({ minimum: 1, maximum: QUESTIONS }),
      }, ["extents"]),
      bytes: 16 * MIB,
      examples: { none: { extents: [] } },
    },
    answers: { 200: json("one proof per file, or one digest per group", named("Proofs")) },
    errors: [404, 409, 422],
  },
  give: {
    path: "/api/v1/sync/give",
    method: "POST",
    right: "read",
    tag: "synchronisation",
    summary: "The contents of many files.",
    parameters: [VERSION],
    body: {
      type: JSON_TYPE,
      help: "names and offsets",
      schema: object({ wants: list({ ...tuple(FILE, count()), minItems: 2 }, { maxItems: QUESTIONS }) }),
      bytes: 16 * MIB,
      examples: { none: { wants: [] } },
    },
    answers: { 200: { help: "frames", content: { [BYTES]: PLAIN } } },
    errors: [404, 409, 422],
  },
  take: {
    path: "/api/v1/sync/take",
    method: "POST",
    right: "write",
    tag: "synchronisation",
    summary: "Receives the contents of many files.",
    parameters: [
      VERSION,
      whole("tombstones", "number of tombstones in the inventory that the selection of files is based on"),
    ],
    body: { type: BYTES, help: "frames: see SYNC.md", bytes: 16 * MIB },
    answers: { 200: json("a report of what was taken", named("Taken")) },
    errors: [409, 422, 507],
  },
  settle: {
    path: "/api/v1/sync/settle",
    method: "POST",
    right: "write",
    tag: "synchronisation",
    summary: "Sets the times of files that were proven equal.",
    parameters: [VERSION],
    body: {
      type: JSON_TYPE,
      help: "names, sizes and times",
      schema: object({
        files: list({ ...tuple(FILE, count(), { type: "integer", minimum: -LATEST, maximum: LATEST }), minItems: 3 }, {
          maxItems: QUESTIONS,
        }),
      }),
      bytes: 16 * MIB,
      examples: { none: { files: [] } },
    },
    answers: { 204: nothing("the times were set") },
    errors: [404, 409, 422, 507],
  },
} as const satisfies Operations;
