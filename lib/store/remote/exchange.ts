import { DbxError, messageOf, UnreachableError } from "../../base/errors.ts";
import { CHECK_HEADER, contentDigest, requestCheck } from "./integrity.ts";

/** Sends a request and gives the answer: `fetch`, or the same over a pipe. */
export type Transport = (request: Request) => Promise<Response>;

/** Milliseconds to wait for the other side. */
export interface Patience {
  /** Until an answer begins. Default: as long as it takes. */
  readonly head?: number;
  /** Until further bytes of an answer come. Default: as long as it takes. */
  readonly body?: number;
}

/** What is sent where. */
export interface Message {
  readonly url: string | URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

/** Who is asked, for messages, and how long to wait. */
export interface ExchangeOptions {
  readonly who: string;
  readonly patience?: Patience;
  /** What to do about a connection that broke. */
  readonly advice?: string;
}

/**
 * Sends a request with its checksums. Whatever goes wrong on the way, now or while the answer is read, is an
 * `UnreachableError`; this is the one place where errors of connections get their words.
 */
export async function exchange(
  transport: Transport,
  { url, method, headers, body, signal }: Message,
  { who, patience = {}, advice = "try again" }: ExchangeOptions,
): Promise<Response> {
  signal?.throwIfAborted();
  const late = new AbortController();
  const signals = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
  if (body !== undefined) headers.set("content-digest", contentDigest(body));
  headers.set(CHECK_HEADER, requestCheck(method, String(url), headers.get("range")));
  const silent = () => new UnreachableError(`Cannot reach ${who}: it does not answer; ${advice}`);
  try {
    const request = new Request(url, { method, headers, body, signal: signals, redirect: "error" });
    const response = await within(patience.head, transport(request), silent);
    if (response.body === null) return response;
    const cut = (count: number, error: unknown) => {
      if (error instanceof UnreachableError) return error;
      return new UnreachableError(`Cannot reach ${who}: the connection was cut after ${count} bytes; ${advice}`);
    };
    const stop = () => late.abort();
    const stream = watched(response.body, { signal, stop, patience: patience.body, silent, cut });
    return new Response(stream, { status: response.status, headers: response.headers });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    late.abort();
    if (error instanceof DbxError) throw error;
    throw new UnreachableError(`Cannot reach ${who}: ${reasonOf(error, advice)}`);
  }
}

/** The same bytes, whose errors say what broke. */
function watched(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { signal, stop, patience, silent, cut }: {
    readonly signal?: AbortSignal;
    readonly stop: () => void;
    readonly patience?: number;
    readonly silent: () => Error;
    readonly cut: (count: number, error: unknown) => Error;
  },
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let count = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await within(patience, reader.read(), silent);
        if (done) return controller.close();
        count += value.length;
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
async function within<T>(milliseconds: number | undefined, work: Promise<T>, late: () => Error): Promise<T> {
  if (milliseconds === undefined) return await work;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), milliseconds);
  work.catch(() => {}); // It may fail when nobody waits for it any more.
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Why a request was not answered: the innermost reason, as the outer ones repeat the address. */
function reasonOf(error: unknown, advice: string): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const told = /client error \((\w+)\)(?:: (.*))?$/s.exec(messageOf(inner));
  if (told === null) return messageOf(inner);
  const [, when, why = ""] = told;
  if (when === "Connect") return why.replace(/^tcp connect error: /, "");
  return `the connection was cut before an answer came; ${advice}`;
}
