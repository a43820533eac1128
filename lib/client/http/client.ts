import { createHash } from "node:crypto";
import { BusyError, DamageError, DbxError, GarbledError, RefusedError, UnreachableError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { checkWay, loginAdvice } from "../../base/server_url.ts";
import { errorFromJson } from "../../protocol/cells.ts";
import { exchange, firstBytes, type Timeouts, type Transport } from "./exchange.ts";
import { isBusy, retryAfter } from "./retry_after.ts";
import { hasDigest } from "../../protocol/integrity.ts";
import { isChangedOnTheWay } from "../../protocol/version.ts";

export { UnreachableError } from "../../base/errors.ts";

/** A query may take its time before the first row comes: servers give it half a minute, unless they are told otherwise. */
const TIMEOUTS: Timeouts = { head: 120_000, body: 60_000 };
/** Bytes of JSON that is read as a whole, such as curves. */
const MAX_JSON_BYTES = 512 * 1024 * 1024;
/** Bytes of an answer that says what is wrong. */
const MAX_ERROR_BYTES = 128 * 1024;

/** How to reach a server. */
export interface ApiOptions {
  /** The URL below which `/api/v1` is. */
  readonly base: string;
  readonly token?: string;
  /** Whether the token may go over a way that is not encrypted. */
  readonly insecure?: boolean;
  /** Default: `fetch`. */
  readonly transport?: Transport;
  /** How long to wait for an answer, and for more of it. Default: two minutes until it begins, and one for more. */
  readonly patience?: Timeouts;
  /** Milliseconds before a request is sent again; each further time three times as long. Default 200. */
  readonly pause?: number;
}

/** What goes with a request. */
export interface CallOptions {
  readonly method?: "GET" | "POST" | "PUT" | "HEAD";
  /** A list is sent as several parameters of one name. */
  readonly search?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Bytes that the answer may have, unpacked. Default: any number, for what is read piece by piece. */
  readonly most?: number;
  /** Whether the answer comes as things happen. */
  readonly isLive?: boolean;
  /** Times that a request is sent again where the server cannot be reached or is busy. Default 3. */
  readonly retries?: number;
}

/** Asks a server. Every request may be sent again, as none does something twice. */
export class Api {
  readonly base: string;
  readonly #token: string | undefined;
  /** Tells whose token it is from others, without telling it. Undefined: there is none. */
  readonly user: string | undefined;
  readonly transport: Transport;
  readonly #pauseMs: number;
  readonly #patience: Timeouts;

  /** @throws {UsageError} For a token that others could hear on the way. */
  constructor(options: ApiOptions) {
    checkWay(options.base, options);
    this.base = options.base;
    this.#token = options.token;
    this.user = options.token && createHash("sha256").update(options.token).digest("hex").slice(0, 16);
    this.transport = options.transport ?? ((request) => fetch(request));
    this.#pauseMs = options.pause ?? 200;
    this.#patience = { ...TIMEOUTS, ...options.patience };
  }

  /** An answer, whatever its status. Rejects with `UnreachableError`. */
  async send(route: string, options: CallOptions = {}): Promise<Response> {
    const { search = {}, json, signal, retries = 3, isLive, most } = options;
    const url = new URL(`${this.base}/api/v1/${route}`);
    for (const [name, value] of Object.entries(search)) {
      if (Array.isArray(value)) value.forEach((item) => url.searchParams.append(name, item));
      else if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers = new Headers(options.headers);
    if (this.#token !== undefined) headers.set("authorization", `Bearer ${this.#token}`);
    let body = options.body;
    if (json !== undefined) {
      body = new TextEncoder().encode(JSON.stringify(json));
      headers.set("content-type", "application/json");
    }
    const method = options.method ?? (body === undefined ? "GET" : "POST");
    for (let tries = 0;; tries++) {
      let error: DbxError;
      let wanted = 0;
      try {
        const response = await exchange(this.transport, { url, method, headers, body, signal }, {
          who: this.base,
          patience: this.#patience,
          isLive,
          most,
        });
        if (isChangedOnTheWay(response.headers)) error = this.#garbled();
        else if (!isBusy(response)) return response;
        else {
          wanted = retryAfter(response);
          error = new BusyError(`${(await this.errorOf(response)).message}; try again later`);
        }
        if (!response.bodyUsed) await response.body?.cancel();
      } catch (thrown) {
        if (signal?.aborted || !(thrown instanceof UnreachableError)) throw thrown;
        error = thrown;
      }
      if (tries >= retries) throw error;
      await pause(Math.max(wanted, this.#pauseMs * 3 ** tries), signal);
    }
  }

  /** An answer that is as it should be. Rejects with what the server says. */
  async call(route: string, options: CallOptions = {}): Promise<Response> {
    const response = await this.send(route, options);
    if (response.ok) return response;
    throw await this.errorOf(response);
  }

  /** The JSON of an answer; one that was cut, or has another digest than it names, is asked for again. */
  async json(route: string, options: CallOptions = {}): Promise<Record<string, unknown>> {
    const { signal, retries = 3 } = options;
    for (let tries = 0;; tries++) {
      const response = await this.call(route, { most: MAX_JSON_BYTES, ...options });
      try {
        return this.#parsed(response, new Uint8Array(await response.arrayBuffer()));
      } catch (error) {
        const isPassing = error instanceof UnreachableError || error instanceof GarbledError;
        if (signal?.aborted || !isPassing || tries >= retries) throw error;
      }
      await pause(this.#pauseMs * 3 ** tries, signal);
    }
  }

  #parsed(response: Response, bytes: Uint8Array): Record<string, unknown> {
    if (hasDigest(bytes, response.headers.get("content-digest")) === false) throw this.#garbled();
    let json: unknown;
    try {
      json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch {
      throw this.nonsense();
    }
    if (!isObject(json)) throw this.nonsense();
    return json;
  }

  /** What an answer says is wrong. */
  async errorOf(response: Response): Promise<DbxError> {
    const otherwise = `Cannot use ${this.base}: it answers ${response.status}; is a dbx serve running there?`;
    try {
      const bytes = await firstBytes(response, MAX_ERROR_BYTES);
      const error = errorFromJson(JSON.parse(new TextDecoder().decode(bytes)), otherwise);
      const isRefused = response.status === 401 || response.status === 403;
      if (!isRefused) return error;
      const needsToken = response.status === 401 && this.#token === undefined;
      return new RefusedError(`${this.base}: ${error.message}${needsToken ? loginAdvice(this.base) : ""}`);
    } catch (error) {
      return error instanceof UnreachableError ? error : new DbxError(otherwise);
    }
  }

  #garbled(): GarbledError {
    return new GarbledError(
      `Cannot trust the connection to ${this.base}: a checksum is wrong; try again, and ask whether a proxy changes what ` +
        `it passes on`,
    );
  }

  /** The error for an answer that breaks the rules. */
  nonsense(): DamageError {
    return new DamageError(`Cannot understand ${this.base}: its answer breaks the rules; is it a dbx serve?`);
  }
}

/** Waits before another try, or less where the signal aborts. */
async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
  });
  signal?.throwIfAborted();
}
