import { Refusal, refuse } from "./refusal.ts";
import { TrustedProxies } from "./proxy.ts";
import { urlOf } from "./request_url.ts";
import { isLoopback, RateLimit } from "./rate_limit.ts";

/** A request, and where it comes from. */
export interface Asked {
  readonly request: Request;
  readonly url: URL;
  /** The address of who asks, without a port; `unix` for a socket in the file system. */
  readonly address: string;
  /** Whether the way to who asks is encrypted, by this server or a trusted proxy. */
  readonly isSecure: boolean;
}

/** What a log says of a request. */
export interface RequestLine {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Milliseconds until the answer began. */
  readonly ms: number;
  readonly address: string;
}

/** Where and how to listen. */
export interface ServeOptions {
  readonly hostname?: string;
  /** 0: any free one. */
  readonly port?: number;
  /** The path of a socket in the file system, instead of an address. */
  readonly unix?: string;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly signal?: AbortSignal;
  /** Told the address that it is reached at. */
  readonly onListen?: (url: string) => void;
  /** Told of each request. */
  readonly onRequest?: (line: RequestLine) => void;
  /** Requests a second from one address; loopback has no limit. Default 1000. */
  readonly rate?: number;
  /** Requests that are worked on at the same time, of all and of one address. Default 512 and 128. */
  readonly atOnce?: { readonly all: number; readonly each: number };
  /** The proxies whose word about the sender of a request counts. Default: none. */
  readonly proxies?: TrustedProxies;
  /** Answers at once what it can; all else goes the long way. It is not asked by addresses that may ask only so often. */
  readonly quick?: (request: Request) => Response | undefined;
  /** Milliseconds that streams have to end when the server stops. Default 5000. */
  readonly grace?: number;
}

/** Characters of a URL, and of all headers together. */
const LONGEST_URL = 32 * 1024;
const MOST_HEADERS = 32 * 1024;

/**
 * Serves a handler over HTTP until the signal aborts; then requests that are in work end, and the promise resolves. What is
 * asked too often, or too much at once, is refused before the handler sees it.
 */
export async function serveHttp(
  handler: (asked: Asked) => Promise<Response> | Response,
  options: ServeOptions,
): Promise<void> {
  const { hostname = "127.0.0.1", port = 0, unix, tls, signal } = options;
  const most = options.atOnce ?? { all: 512, each: 128 };
  const rate = new RateLimit(options.rate ?? 1000);
  const active = new Map<string, number>();
  let all = 0;
  const { quick, onRequest, proxies = new TrustedProxies() } = options;
  const answer = (request: Request, info: Deno.ServeHandlerInfo): Response | Promise<Response> => {
    const remote = info.remoteAddr;
    const peer = remote.transport === "tcp" ? remote.hostname : "unix";
    const { address, isSecure } = proxies.sender(request.headers, peer, tls !== undefined);
    const near = address === "127.0.0.1" || address === "unix" || isLoopback(address);
    const response = near && onRequest === undefined ? quick?.(request) : undefined;
    return response ?? work(request, address, near, isSecure);
  };
  const work = async (request: Request, address: string, near: boolean, isSecure: boolean): Promise<Response> => {
    const start = performance.now();
    const own = active.get(address) ?? 0;
    let response: Response;
    all++;
    active.set(address, own + 1);
    let path = "";
    try {
      if (!near && !rate.allows(address)) throw new Refusal(429, "too many requests", { "retry-after": "1" });
      if (all > most.all || (!near && own >= most.each)) {
        throw new Refusal(503, "too many requests at once", { "retry-after": "1" });
      }
      if (request.url.length > LONGEST_URL) throw new Refusal(414, "the URL is too long");
      checkHeaders(request.headers);
      const url = urlOf(request);
      path = url.pathname;
      response = await handler({ request, url, address, isSecure });
    } catch (error) {
      response = refuse(error);
    } finally {
      all--;
      const left = active.get(address)! - 1;
      if (left === 0) active.delete(address);
      else active.set(address, left);
    }
    onRequest?.({
      time: Date.now(),
      method: request.method,
      path,
      status: response.status,
      ms: performance.now() - start,
      address,
    });
    return response;
  };
  const onError = (error: unknown) => refuse(error);
  let server: Deno.HttpServer;
  if (unix !== undefined) {
    // Nobody else may open it, not even before its mode could be set.
    const mask = Deno.umask(0o177);
    try {
      server = Deno.serve({ path: unix, onError, onListen: () => options.onListen?.(`unix:${unix}`) }, answer as never);
    } finally {
      Deno.umask(mask);
    }
  } else {
    const onListen = ({ port }: { port: number }) => {
      const name = hostname.includes(":") ? `[${hostname}]` : hostname;
      options.onListen?.(`${tls === undefined ? "http" : "https"}://${name}:${port}`);
    };
    server = Deno.serve({ hostname, port, ...tls, onError, onListen } as Deno.ServeTcpOptions, answer);
  }
  const stop = async () => {
    // Idle connections end at once, requests when they are answered; a stream that does not end has had its time.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, options.grace ?? 5000));
    await Promise.race([server.shutdown(), late]);
    clearTimeout(timer);
  };
  const stopped = new Promise<void>((resolve) => {
    if (signal === undefined) return;
    const end = () => void stop().then(resolve);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
  await Promise.race([server.finished, stopped]);
}

function checkHeaders(headers: Headers): void {
  let length = 0;
  for (const [name, value] of headers) length += name.length + value.length;
  if (length > MOST_HEADERS) throw new Refusal(431, "the headers are too long");
}
