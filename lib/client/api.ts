import { DamageError, DbxError, messageOf } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { errorFromJson } from "../query/wire.ts";
import type { Transport } from "../store/remote/remote.ts";

/** How to reach a server. */
export interface ApiOptions {
  /** The URL below which `/api/v1` is. */
  readonly base: string;
  readonly token?: string;
  /** Default: `fetch`. */
  readonly transport?: Transport;
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
  /** Times that a request is sent again where the server cannot be reached or is busy. Default 3. */
  readonly retries?: number;
}

/** The server cannot be reached: it may be later. */
export class UnreachableError extends DbxError {
  override name = "UnreachableError";
}

/** Asks a server. Every request may be sent again, as none does something twice. */
export class Api {
  readonly base: string;
  readonly #token: string | undefined;
  readonly transport: Transport;

  constructor(options: ApiOptions) {
    this.base = options.base;
    this.#token = options.token;
    this.transport = options.transport ?? ((request) => fetch(request));
  }

  /** An answer, whatever its status. Rejects with `UnreachableError`. */
  async send(route: string, options: CallOptions = {}): Promise<Response> {
    const { search = {}, json, signal, retries = 3 } = options;
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
      signal?.throwIfAborted();
      let why: string;
      try {
        const request = new Request(url, { method, headers, body, signal, redirect: "error" });
        const response = await this.transport(request);
        if (response.status !== 503 && response.status !== 429) return response;
        why = `it answers ${response.status}`;
        await response.body?.cancel();
      } catch (error) {
        if (signal?.aborted) throw error;
        if (error instanceof DbxError) throw error;
        why = messageOf(error);
      }
      if (tries >= retries) throw new UnreachableError(`Cannot reach ${this.base}: ${why}`);
      await new Promise((resolve) => setTimeout(resolve, 200 * 3 ** tries));
    }
  }

  /** An answer that is as it should be. Rejects with what the server says. */
  async call(route: string, options: CallOptions = {}): Promise<Response> {
    const response = await this.send(route, options);
    if (response.ok) return response;
    throw await this.errorOf(response);
  }

  /** The JSON of an answer. */
  async json(route: string, options: CallOptions = {}): Promise<Record<string, unknown>> {
    const response = await this.call(route, options);
    let json: unknown;
    try {
      json = await response.json();
    } catch {
      throw this.nonsense();
    }
    if (!isObject(json)) throw this.nonsense();
    return json;
  }

  /** What an answer says is wrong. */
  async errorOf(response: Response): Promise<DbxError> {
    const otherwise = `${this.base} answers ${response.status}`;
    try {
      return errorFromJson(JSON.parse((await response.text()).slice(0, 100_000)), otherwise);
    } catch {
      return new DbxError(otherwise);
    }
  }

  /** The error for an answer that breaks the rules. */
  nonsense(): DamageError {
    return new DamageError(`Cannot understand ${this.base}: its answer breaks the rules; is it a dbx serve?`);
  }
}
