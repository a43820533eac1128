import { until } from "../access/grants.ts";
import type { Call } from "../routes/call.ts";

/** Answers as long as the token is there: the body is read no further, and the answer breaks off, when it is removed. */
export async function whileGranted(call: Call, next: (call: Call) => Promise<Response> | Response): Promise<Response> {
  const { grant: { signal }, request } = call;
  if (signal === undefined) return await next(call);
  const { method, headers, body } = request;
  const response = await next(
    body === null ? call : { ...call, request: { method, headers, body: until(signal, body) } },
  );
  // An answer with a digest is all there already.
  if (response.headers.has("content-digest") || response.body === null) return response;
  return new Response(until(signal, response.body), { status: response.status, headers: response.headers });
}
