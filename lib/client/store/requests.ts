import { DamageError, DbxError, GarbledError, NotFoundError, UnreachableError, UsageError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { checkWay, loginAdvice } from "../../base/server_url.ts";
import type { BulkOptions } from "../../store/store.ts";
import { isBusy, retryAfter } from "../http/retry_after.ts";
import { exchange, firstBytes, type Timeouts, type Transport } from "../http/exchange.ts";
import { hasDigest } from "../../protocol/integrity.ts";
import { isChangedOnTheWay } from "../../protocol/version.ts";

/** How to reach a repository. */
export interface RemoteOptions {
  /** For messages: what the user calls it. */
  readonly location: string;
  /** The URL below which the routes are: `http://host:7070`. */
  readonly base: string;
  readonly transport: Transport;
  readonly token?: string;
  /** Whether the token may go over a way that is not encrypted. */
  readonly insecure?: boolean;
  /** Closes the connection. */
  readonly close?: () => Promise<void>;
  /** How long to wait for an answer, and for more of it. Default: half a minute each, and 15 for an answer that takes work. */
  readonly patience?: Timeouts;
  /** Whether requests go one after another, so that nobody can be asked whether he is still there. */
  readonly isSerial?: boolean;
  /** Milliseconds of work after which a peer is asked whether it is still there. Default 15,000. */
  readonly pulse?: number;
  /** Milliseconds before the first repetition; each further one waits three times as long. Default 200. */
  readonly pause?: number;
}

/** Of what a peer has to hash or walk through before it answers; the first time, it may also say nothing at all. */
const WORKING: Timeouts = { head: 15 * 60_000 };
const WORKING_FIRST: Timeouts = { head: 5 * 60_000 };

/** Of what takes no work. */
const QUICK: Timeouts = { head: 30_000, body: 30_000 };
const PULSE_MS = 15_000;

/** Bytes of an answer that is read as a whole: a listing, proofs, what was taken. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Bytes of an answer that says what is wrong. */
const MAX_ERROR_BYTES = 64 * 1024;

/** So many times a request waits for its turn where it has to be slower. */
const MAX_WAITS = 60;

/** What to do about a connection that broke. */
const ADVICE = "try again: what came is kept";

/** So many times something is asked again. */
export const RETRIES = 3;

/** What goes with a request. */
export interface CallOptions extends BulkOptions {
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array;
  /** Sent as JSON, compressed where that is worth it. */
  readonly json?: unknown;
  /** Bytes that the answer may have. Default: any number, for what is read piece by piece. */
  readonly most?: number;
}

/** Asks a peer: with checksums, and again where that may help. */
export class Requests {
  /** For messages: what the user calls it. */
  readonly who: string;
  readonly #options: RemoteOptions;
  #isReached = false;

  /** @throws {UsageError} For a token that others could hear on the way. */
  constructor(options: RemoteOptions) {
    checkWay(options.base, options);
    this.who = options.location;
    this.#options = options;
  }

  /** Whether requests go one after another. */
  get isSerial(): boolean {
    return this.#options.isSerial ?? false;
  }

  /** Whether the peer has ever answered. One that has not is not waited for. */
  get isReached(): boolean {
    return this.#isReached;
  }

  /** Sends a request whose answer says nothing but that it was done. */
  async done(method: string, route: string, options: CallOptions): Promise<void> {
    await (await this.call(method, route, options)).body?.cancel();
  }

  /** The JSON of an answer, which has its digest. */
  async json(method: string, route: string, what: string, options: CallOptions): Promise<unknown> {
    return await this.again(options, async () => {
      const response = await this.call(method, route, { most: MAX_ANSWER_BYTES, ...options });
      return this.parse(decode(await this.bytes(response)), what);
    });
  }

  /** The bytes of an answer, which has their digest. */
  async bytes(response: Response): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (hasDigest(bytes, response.headers.get("content-digest")) !== true) throw this.garbled();
    return bytes;
  }

  /** Does something, and does it again where the connection broke or what came is not what was sent. */
  async again<T>({ signal }: BulkOptions, work: () => Promise<T>): Promise<T> {
    for (let tries = 0;; tries++) {
      try {
        return await work();
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        // All requests may be repeated: one that was done already changes nothing.
        if (!isTransient(error) || !this.#isReached || tries >= RETRIES) throw error;
      }
      await this.pause(tries, signal);
    }
  }

  /** Waits before another try. */
  async pause(tries: number, signal?: AbortSignal): Promise<void> {
    await wait(this.#pauseMs(tries), signal);
    signal?.throwIfAborted();
  }

  #pauseMs(tries: number): number {
    return (this.#options.pause ?? 200) * 3 ** tries;
  }

  /** Sends a request and expects it to be granted. */
  async call(
    method: string,
    route: string,
    options: CallOptions = {},
  ): Promise<Response> {
    const response = await this.send(method, route, options);
    if (!response.ok) throw await this.errorOf(response, route);
    return response;
  }

  /** Sends a request, and gives the answer, whatever its status. */
  async send(
    method: string,
    route: string,
    { headers: more, body, json, signal, most }: CallOptions = {},
  ): Promise<Response> {
    const headers = new Headers(more);
    if (this.#options.token !== undefined) headers.set("authorization", `Bearer ${this.#options.token}`);
    let payload = body as Uint8Array<ArrayBuffer> | undefined;
    if (json !== undefined) {
      headers.set("content-type", "application/json");
      payload = new TextEncoder().encode(JSON.stringify(json));
      if (payload.length > 1024) {
        payload = new Uint8Array(
          await new Response(new Blob([payload]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
        );
        headers.set("content-encoding", "gzip");
      }
    }
    const url = `${this.#options.base}/api/v1/${route}`;
    const isWork = route.startsWith("sync/");
    const working = this.#isReached ? WORKING : WORKING_FIRST;
    const options = {
      who: this.who,
      patience: this.#options.patience ?? (isWork ? working : QUICK),
      most,
      advice: ADVICE,
    };
    const ask = (signal?: AbortSignal) =>
      exchange(this.#options.transport, { url, method, headers, body: payload, signal }, options);
    for (let tries = 0;; tries++) {
      const response = await (isWork && !this.#options.isSerial ? this.#whileThere(ask, signal) : ask(signal));
      this.#isReached = true;
      // The server is busy, or this is faster than it may be: it says so before it does anything.
      if (!isBusy(response) || tries >= (response.status === 429 ? MAX_WAITS : 5)) return response;
      await response.body?.cancel();
      await wait(Math.max(retryAfter(response), response.status === 429 ? 1000 : this.#pauseMs(tries)), signal);
      signal?.throwIfAborted();
    }
  }

  /**
   * Waits for an answer that may take long, as long as the peer answers other questions meanwhile: one that works for a quarter
   * of an hour is told from one that says nothing more.
   */
  async #whileThere(ask: (signal: AbortSignal) => Promise<Response>, signal?: AbortSignal): Promise<Response> {
    const silent = new AbortController();
    const answer = ask(signal === undefined ? silent.signal : AbortSignal.any([signal, silent.signal]));
    answer.catch(() => {}); // It may be aborted below.
    while (true) {
      const { promise: due, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, this.#options.pulse ?? PULSE_MS);
      const response = await Promise.race([answer, due]).finally(() => clearTimeout(timer));
      if (response instanceof Response) return response;
      try {
        await this.#pulse(signal);
      } catch (error) {
        silent.abort(error);
        throw error;
      }
    }
  }

  /** Throws where the peer does not answer. */
  async #pulse(signal?: AbortSignal): Promise<void> {
    const { base, token, transport, patience = QUICK } = this.#options;
    const headers = new Headers(token === undefined ? {} : { authorization: `Bearer ${token}` });
    const url = `${base}/api/v1/files/dbx.json`;
    const options = { who: this.who, patience, most: MAX_ERROR_BYTES, advice: ADVICE };
    const response = await exchange(transport, { url, method: "HEAD", headers, signal }, options);
    await response.body?.cancel();
  }

  /** What an answer says is wrong. */
  async errorOf(response: Response, what: string): Promise<Error> {
    let said = "";
    const bytes = await firstBytes(response, MAX_ERROR_BYTES);
    if (isChangedOnTheWay(response.headers)) return this.garbled();
    if (hasDigest(bytes, response.headers.get("content-digest")) === false) return this.garbled();
    try {
      const json: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(0, 10_000)));
      if (isObject(json) && typeof json.error === "string") said = json.error;
    } catch {
      // It says nothing that we understand.
    }
    const message = said === ""
      ? `Cannot use ${this.who}: it answers ${response.status} to "${what}"; is a dbx serve running there?`
      : `${this.who}: ${said}`;
    if (response.status === 404) return new NotFoundError(message);
    if (response.status === 400 || response.status === 422) return new UsageError(message);
    if (response.status === 409) return new DamageError(message);
    const needsToken = response.status === 401 && this.#options.token === undefined;
    return new DbxError(needsToken ? message + loginAdvice(this.#options.base) : message);
  }

  /** The JSON of a text; `what`: for the message where it is none. */
  parse(text: string, what: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.nonsense(what);
    }
  }

  /** The error for a checksum that is missing or wrong. */
  garbled(): GarbledError {
    return new GarbledError(
      `Cannot trust the connection to ${this.who}: a checksum is missing or wrong; try again, and ask whether an ` +
        `older dbx serves there, or a proxy changes what it passes on`,
    );
  }

  /** The error for an answer that is whole, and breaks the rules. */
  nonsense(what: string): DamageError {
    return new DamageError(`Cannot understand ${this.who}: it sends ${what} that breaks the rules`);
  }
}

/** Whether another try may help. */
export function isTransient(error: unknown): boolean {
  return error instanceof GarbledError || error instanceof UnreachableError;
}

/** Bytes of UTF-8 as text. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Waits, or less where the signal aborts. */
function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}
