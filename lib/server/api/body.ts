import { type RouteName, ROUTES } from "../../protocol/route_table.ts";
import type { Incoming } from "../http/incoming.ts";
import { type Beginning, readBeginning, readBody } from "../http/read_body.ts";
import { HttpError } from "../http/http_error.ts";
import type { Body, Contract } from "./contract.ts";
import { problemOf } from "./problem.ts";
import { SCHEMAS } from "./schemas.ts";
import { parseStrictJson, StrictJsonError } from "./strict_json.ts";

/** Milliseconds in which some further bytes of a body must come. */
const BODY_TIMEOUT_MS = 30_000;
/** Milliseconds in which all of a body must have come that is read before it is known who asks. */
const STRANGERS = 5000;

/** A request whose body is to be read. */
interface Given {
  readonly name: RouteName;
  readonly contract: Contract;
  readonly request: Incoming;
}

/** The object in the body of a request, as its route says; an empty body is an empty object where none must be there. */
export async function jsonOf<Json = Record<string, unknown>>({ name, contract, request }: Given): Promise<Json> {
  const { schema, bytes: most } = contract.body!;
  const limits = ROUTES[name].right === "open"
    ? { bytes: most, idleTimeoutMs: STRANGERS, totalTimeoutMs: STRANGERS }
    : { bytes: most, idleTimeoutMs: BODY_TIMEOUT_MS };
  const bytes = await readBody(request, limits);
  let json: unknown = {};
  if (bytes.length > 0) {
    try {
      json = parseStrictJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    } catch (error) {
      if (error instanceof StrictJsonError) throw new HttpError(400, error.message);
      throw new HttpError(400, "the body is not UTF-8");
    }
  } else if (isNeeded(contract.body!)) throw new HttpError(400, "the body is missing");
  const problem = problemOf(json, schema!, SCHEMAS);
  if (problem !== undefined) throw new HttpError(400, problem);
  return json as Json;
}

/** The bytes in the body of a request, unpacked. */
export function bytesOf({ contract, request }: Given): Promise<Uint8Array<ArrayBuffer>> {
  return readBody(request, { bytes: contract.body!.bytes, idleTimeoutMs: BODY_TIMEOUT_MS });
}

/** The same, but of a body that does not come to its end, what came of it. */
export function beginningOf({ contract, request }: Given): Promise<Beginning> {
  return readBeginning(request, { bytes: contract.body!.bytes, idleTimeoutMs: BODY_TIMEOUT_MS });
}

/** Whether there must be a body. */
export function isNeeded({ required, schema }: Body): boolean {
  return required ?? (schema === undefined || problemOf({}, schema, SCHEMAS) !== undefined);
}

/**
 * Refuses a body of another media type than a route takes. A request that names none is taken to have the right one.
 */
export function checkMediaType(body: Body | undefined, headers: Headers): void {
  const given = headers.get("content-type")?.split(";")[0].trim().toLowerCase() ?? "";
  if (body === undefined || given === "" || ALIKE[body.type]?.includes(given)) return;
  if (given !== body.type) throw new HttpError(415, `the body is "${given.slice(0, 100)}" and must be ${body.type}`);
}

/** Types that clients say who do not say which: of a text, and of what `curl -d` and `--data-binary` send. */
const UNSAID = ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream"];
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  "application/json": UNSAID,
  "application/jsonl": [...UNSAID, "application/json", "application/x-ndjson"],
  "application/octet-stream": UNSAID,
};
