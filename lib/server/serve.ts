import { type AccessOptions, admit } from "./access.ts";
import { Refusal, refuse } from "./refusal.ts";

/** How to listen. */
export interface ServeOptions extends AccessOptions {
  readonly hostname: string;
  /** 0: any free one. */
  readonly port: number;
  readonly signal?: AbortSignal;
  /** Told the address that it is reached at. */
  readonly onListen?: (url: string) => void;
  /** Told of each request. */
  readonly onRequest?: (line: { method: string; path: string; status: number; ms: number }) => void;
}

/** Requests that are worked on at the same time; the others are told to come again. */
const AT_ONCE = 64;

/** Serves a handler over HTTP until the signal aborts; then what is in work ends. */
export async function serveHttp(
  handler: (request: Request) => Promise<Response>,
  options: ServeOptions,
): Promise<void> {
  let active = 0;
  const { hostname, port, signal } = options;
  const server = Deno.serve({
    hostname,
    port,
    onListen: (address) =>
      options.onListen?.(`http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${address.port}`),
    onError: (error) => refuse(error),
  }, async (request) => {
    const start = performance.now();
    let response: Response;
    active++;
    try {
      if (active > AT_ONCE) throw new Refusal(503, "too many requests at once", { "retry-after": "1" });
      await admit(request, options);
      response = await handler(request);
    } catch (error) {
      response = refuse(error);
    } finally {
      active--;
    }
    const path = new URL(request.url).pathname;
    options.onRequest?.({ method: request.method, path, status: response.status, ms: performance.now() - start });
    return response;
  });
  signal?.addEventListener("abort", () => void server.shutdown(), { once: true });
  if (signal?.aborted) await server.shutdown();
  await server.finished;
}
