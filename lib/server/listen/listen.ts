import { HttpError, refuse } from "../http/http_error.ts";
import { TrustedProxies } from "./proxy.ts";
import { urlOf } from "../http/request_url.ts";
import { Budgets, type ConcurrencyLimits } from "./budgets.ts";
import { PortBackend, SocketBackend } from "./backend.ts";
import { Front, FRONT_LIMITS } from "./front.ts";
import { QuickAnswers } from "./quick_answers.ts";
import type {
  Answer,
  Backend,
  ClientConnection,
  Cut,
  FrontLimits,
  QuickAnswer,
  RequestContext,
  Requester,
} from "./types.ts";
import { groupOf, isLoopback } from "./rate_limit.ts";

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
  /** What the token is called; undefined for a wrong one, and where there is none. */
  readonly token?: string;
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
  /** Called for each request. */
  readonly onRequest?: (line: RequestLine) => void;
  /** Requests a second of one token, or of one address without. Default 2000. */
  readonly rate?: number;
  /**
   * Requests that are worked on at the same time: of all, and of one token. Clients without a token share half of both,
   * whatever their address, so that others always keep a share. Default 512 and 256.
   */
  readonly atOnce?: ConcurrencyLimits;
  /** Whose a request is, where it shows a right to ask. Default: that of its address. */
  readonly whose?: (asked: RequestContext, group: string) => Requester | undefined;
  /** How long clients are waited for, and how many connections they may have. */
  readonly front?: Partial<FrontLimits>;
  /**
   * Where the runtime's server is reached by the front: the path of a folder, which is made for sockets, or a port of this
   * machine. Default: a folder in that for temporary files, or any free port where that cannot be.
   */
  readonly inner?: string | number;
  /** Called for each connection that was cut. */
  readonly onCut?: (why: Cut) => void;
  /** The proxies whose word about the sender of a request counts. Default: none. */
  readonly proxies?: TrustedProxies;
  /**
   * What answers a request at once; all else goes the long way. The front then answers the same bytes by it, where everybody
   * on this machine would get the same answer. It is not asked for addresses that may ask only so often.
   */
  readonly quick?: (request: Request) => QuickAnswer | undefined;
  /** Milliseconds that streams have to end when the server stops. Default 5000. */
  readonly grace?: number;
}

/** Characters of a URL, and of all headers together. */
const MAX_URL_LENGTH = 32 * 1024;
const MAX_HEADER_BYTES = 32 * 1024;

/**
 * Serves a handler over HTTP until the signal aborts; then requests that are in work end, and the promise resolves. What is
 * asked too often, or too much at once, is refused before the handler sees it.
 */
export async function serveHttp(
  handler: (asked: RequestContext) => Promise<Response> | Response,
  options: ServeOptions,
): Promise<void> {
  const { hostname = "127.0.0.1", port = 0, unix, tls, signal } = options;
  const budgets = new Budgets(options.atOnce ?? { all: 512, each: 256 }, options.rate ?? 2000);
  const { quick, onRequest, proxies = new TrustedProxies(), whose = (_asked, group): Requester => ({ id: group }) } =
    options;
  const onQuick = (path: string, address: string) =>
    onRequest?.({ time: Date.now(), method: "GET", path, status: 200, ms: 0, address });
  const answer: Answer = (request, connection, completed) => {
    const { address, isSecure } = proxies.sender(request.headers, connection.address, tls !== undefined);
    const near = address === "127.0.0.1" || address === "unix" || isLoopback(address);
    const known = near ? quick?.(request) : undefined;
    const given = known?.current();
    if (given !== undefined) {
      const path = urlOf(request).pathname;
      onQuick(path, address);
      connection.passed(known!, path);
      return new Response(given.text, given);
    }
    connection.begin(request.body !== null);
    const end = () => connection.end();
    const sent = completed.then(end, end);
    return work(request, { address, isSecure, connection, sent });
  };
  const work = async (request: Request, { address, isSecure, connection, sent }: Sending): Promise<Response> => {
    const start = performance.now();
    let response: Response;
    let path = "";
    let token: string | undefined;
    let leave = () => {};
    try {
      if (request.url.length > MAX_URL_LENGTH) throw new HttpError(414, "the URL is too long");
      checkHeaders(request.headers);
      const url = urlOf(request);
      path = url.pathname;
      const asked: RequestContext = { request, url, address, isSecure, gone: connection.gone, sent };
      const group = groupOf(address);
      const known = whose(asked, group);
      connection.isKnown ||= known !== undefined;
      token = known?.name;
      leave = budgets.enter(known?.id, group);
      response = await handler({ ...asked, client: known === undefined ? `stranger ${group}` : `known ${known.id}` });
    } catch (error) {
      response = refuse(error);
    } finally {
      leave();
    }
    onRequest?.({
      time: Date.now(),
      method: request.method,
      path,
      status: response.status,
      ms: performance.now() - start,
      address,
      token,
    });
    return response;
  };
  const listener = unix !== undefined ? listenAtPath(unix) : listen(hostname, port, tls);
  const backend = backendOf(options.inner, answer);
  const front = new Front(listener, backend, {
    limits: { ...FRONT_LIMITS, ...options.front },
    isTrusted: (address) => proxies.trusts(address),
    onCut: options.onCut ?? (() => {}),
    quick: new QuickAnswers(onQuick),
  });
  if (unix !== undefined) options.onListen?.(`unix:${unix}`);
  else {
    const name = hostname.includes(":") ? `[${hostname}]` : hostname;
    options.onListen?.(`${tls === undefined ? "http" : "https"}://${name}:${(listener.addr as Deno.NetAddr).port}`);
  }
  const stop = async () => {
    // Idle connections end at once, requests when they are answered; a stream that does not end has had its time.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, options.grace ?? 5000));
    front.stop();
    await Promise.race([backend.shutdown().then(() => front.drain()), late]);
    clearTimeout(timer);
    front.close();
  };
  const stopped = new Promise<void>((resolve) => {
    if (signal === undefined) return;
    const end = () => void stop().then(resolve);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
  await stopped;
}

/** The runtime's server, at a socket where that can be. */
function backendOf(inner: string | number | undefined, answer: Answer): Backend {
  if (typeof inner === "number" || Deno.build.os === "windows") return new PortBackend(Number(inner ?? 0), answer);
  if (inner !== undefined) return SocketBackend.at(inner, answer);
  try {
    return SocketBackend.inTemporaryFolder(answer);
  } catch {
    return new PortBackend(0, answer); // A program that may not write there.
  }
}

/** Where a request comes from. */
interface Sending {
  readonly address: string;
  readonly isSecure: boolean;
  readonly connection: ClientConnection;
  readonly sent: Promise<void>;
}

function listen(hostname: string, port: number, tls: ServeOptions["tls"]): Deno.Listener<Deno.Conn> {
  if (tls === undefined) return Deno.listen({ hostname, port });
  return Deno.listenTls({ hostname, port, ...tls, alpnProtocols: ["h2", "http/1.1"] });
}

/** A socket in the file system. No other user may open it, not even before its mode could be set. */
function listenAtPath(path: string): Deno.Listener<Deno.Conn> {
  const mask = Deno.umask(0o177);
  try {
    return Deno.listen({ transport: "unix", path });
  } finally {
    Deno.umask(mask);
  }
}

function checkHeaders(headers: Headers): void {
  let length = 0;
  for (const [name, value] of headers) length += name.length + value.length;
  if (length > MAX_HEADER_BYTES) throw new HttpError(431, "the headers are too long");
}
