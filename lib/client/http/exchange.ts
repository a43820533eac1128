import { DamageError, DbxError, UnreachableError, VersionError } from "../../base/errors.ts";
import { concat } from "../../base/bytes.ts";
import { CHECK_HEADER, contentDigest, requestCheck } from "../../protocol/integrity.ts";
import { PROTOCOL, PROTOCOL_HEADER, quotedVersion } from "../../protocol/version.ts";
import { cannotReach, reasonOf, TRY_AGAIN, unreachable } from "./unreachable.ts";

/** Sends a request and gives the answer: `fetch`, or the same over a pipe. */
export type Transport = (request: Request) => Promise<Response>;

/** Milliseconds to wait for the other side, which may say nothing for ever, or one byte a minute. */
export interface Timeouts {
  /** Until an answer begins. Default 60,000. */
  readonly head?: number;
  /** Until the next {@linkcode MIN_PROGRESS_BYTES} bytes of an answer have come, or its end. Default 60,000. */
  readonly body?: number;
}

const IDLE_TIMEOUT_MS = 60_000;

/** Bytes of an answer that must come in the time for some. */
const MIN_PROGRESS_BYTES = 1024;

/** The other side said nothing in the time that it had. */
export class NoAnswerError extends UnreachableError {
  override name = "NoAnswerError";
}

/** What is sent where. */
export interface Message {
  readonly url: string | URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

/** The server's name, for messages, and how long to wait. */
export interface ExchangeOptions {
  readonly who: string;
  readonly timeouts?: Timeouts;
  /** Whether the answer comes as things happen, and some bytes are as good as many. */
  readonly isLive?: boolean;
  /** Bytes that the answer may have, unpacked. Default: any number, which the reader must bound. */
  readonly maxBytes?: number;
}

/**
 * Sends a request with its checksums and the version of the protocol. An answer in another version is a `VersionError`; whatever
 * goes wrong on the way, now or while the answer is read, is an `UnreachableError`, with words from `unreachable.ts`.
 */
export async function exchange(
  transport: Transport,
  { url, method, headers, body, signal }: Message,
  { who, timeouts = {}, isLive = false, maxBytes = Infinity }: ExchangeOptions,
): Promise<Response> {
  signal?.throwIfAborted();
  const late = new AbortController();
  const signals = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
  if (body !== undefined) headers.set("content-digest", contentDigest(body));
  headers.set(PROTOCOL_HEADER, PROTOCOL);
  headers.set(CHECK_HEADER, requestCheck(method, String(url), headers.get("range")));
  const silent = () => new NoAnswerError(cannotReach(who, `it does not answer; ${TRY_AGAIN}`));
  try {
    const request = new Request(url, { method, headers, body, signal: signals, redirect: "error" });
    const response = await withDeadline(timeouts.head ?? IDLE_TIMEOUT_MS, transport(request), silent);
    checkProtocol(response, who);
    if (response.body === null) return response;
    const cut = (count: number, error: unknown) => {
      if (error instanceof DbxError) return error;
      return unreachable(who, `the connection was cut after ${count} bytes; ${TRY_AGAIN}`);
    };
    const stop = () => late.abort();
    const stream = watched(response.body, {
      signal,
      stop,
      idleMs: timeouts.body ?? IDLE_TIMEOUT_MS,
      least: isLive ? 1 : MIN_PROGRESS_BYTES,
      maxBytes,
      tooLong: () => new DamageError(`Cannot read the answer of ${who}: it has more than ${maxBytes} bytes`),
      silent,
      cut,
    });
    return new Response(stream, { status: response.status, headers: response.headers });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    late.abort();
    if (error instanceof DbxError) throw error;
    throw unreachable(who, reasonOf(error));
  }
}

/** Refuses an answer in another version. One that says none may come from a proxy on the way, if it refuses something. */
function checkProtocol({ status, headers }: Response, who: string): void {
  const said = headers.get(PROTOCOL_HEADER);
  if (said === PROTOCOL || (said === null && status >= 400)) return;
  const what = said === null
    ? "it does not say which version of the protocol it speaks; is dbx serve running there?"
    : `it speaks version ${quotedVersion(said)} of the protocol, and this dbx version ${PROTOCOL}; ` +
      `install the same dbx on both sides`;
  throw new VersionError(`Cannot use ${who}: ${what}`);
}

/** The same bytes, whose errors say what broke. */
function watched(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { signal, stop, idleMs, least, maxBytes, tooLong, silent, cut }: {
    readonly signal?: AbortSignal;
    readonly stop: () => void;
    readonly idleMs: number;
    readonly least: number;
    readonly maxBytes: number;
    readonly tooLong: () => Error;
    readonly silent: () => Error;
    readonly cut: (count: number, error: unknown) => Error;
  },
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let count = 0;
  /** Milliseconds that were waited for some bytes, and how many of them have come. */
  let spent = 0, came = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const from = performance.now();
        const { done, value } = await withDeadline(Math.max(1, idleMs - spent), reader.read(), silent);
        if (done) return controller.close();
        count += value.length;
        if (count > maxBytes) throw tooLong();
        came += value.length;
        spent = came >= least ? 0 : spent + performance.now() - from;
        if (came >= least) came = 0;
        controller.enqueue(value);
      } catch (error) {
        controller.error(signal?.aborted ? signal.reason : cut(count, error));
        stop();
        reader.cancel().catch(() => {});
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

/** A promise, or an error after so many milliseconds. */
async function withDeadline<T>(milliseconds: number, work: Promise<T>, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), milliseconds);
  work.catch(() => {}); // It may fail when nobody waits for it any more.
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The first bytes of an answer, up to a maximum; the rest is not read. */
export async function firstBytes(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let count = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    count += piece.length;
    if (count >= maxBytes) break; // Which cancels the stream.
  }
  return concat(pieces).slice(0, maxBytes);
}
