import type { BulkWork } from "../listen/bulk_work.ts";
import type { Call, Matched } from "../routes/call.ts";
import type { Answerer, Middleware } from "./middleware.ts";

/** Reads no large body before there is a place for one more of this client's. */
export function boundLargeBodies(bulk: BulkWork): Middleware<Call> {
  return (call, next) => bulk.withBody(call, () => next(call));
}

/** `HEAD` has the headers of `GET`, and no body. */
export async function dropBodyOfHead<Given extends Matched>(given: Given, next: Answerer<Given>): Promise<Response> {
  const response = await next(given);
  if (given.request.method !== "HEAD" || response.body === null) return response;
  await response.body.cancel(); // It has no reader.
  return new Response(null, { status: response.status, headers: response.headers });
}
