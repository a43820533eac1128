import { createHash } from "node:crypto";
import { BusyError, DamageError, type DbxError, type GarbledError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { checkWay } from "../../base/server_url.ts";
import { hasDigest } from "../../protocol/integrity.ts";
import { isChangedOnTheWay } from "../../protocol/version.ts";
import { exchange, type Timeouts, type Transport } from "./exchange.ts";
import { MARKER_FILE } from "../../format/layout/names.ts";
import { type PlainRoute, ROUTES, routeTo, type Target } from "../../protocol/route_table.ts";
import { encodeRequest, type RequestParts } from "./request.ts";
import { garbledError, MAX_ERROR_BYTES, responseError } from "./response_error.ts";
import { isBusy, Retry } from "./retry.ts";
import { whileAlive } from "./while_alive.ts";

/** A query may take its time before the first row comes: servers give it half a minute by default. */
const QUERY: Timeouts = { head: 120_000, body: 60_000 };
/** Of what takes no work. */
const QUICK: Timeouts = { head: 30_000, body: 30_000 };
/** Of what a server has to hash or walk through before it answers; the first time, it may also say nothing at all. */
const WORK: Timeouts = { head: 15 * 60_000 };
const FIRST_WORK: Timeouts = { head: 5 * 60_000 };

/** Milliseconds of work after which a server is asked whether it is still there. */
const PULSE_MS = 15_000;

/** Bytes of JSON that is read as a whole, such as curves. */
const MAX_JSON_BYTES = 512 * 1024 * 1024;

/** How to reach a server. */
export interface ClientOptions {
  /** For messages: what the user calls it. Default: `base`. */
  readonly location?: string;
  /** The URL below which `/api/v1` is: `http://host:7070`. */
  readonly base: string;
  readonly token?: string;
  /** Whether the token may go over a way that is not encrypted. */
  readonly insecure?: boolean;
  /** Default: `fetch`. */
  readonly transport?: Transport;
  /** Closes the connection. */
  readonly close?: () => Promise<void>;
  /** How long to wait for an answer, and for more of it. Default: by what is asked. */
  readonly timeouts?: Timeouts;
  /** Whether requests go one after another, so that a server cannot be asked meanwhile whether it is still alive. */
  readonly isSerial?: boolean;
  /** Milliseconds of work after which a server is asked whether it is still there. Default 15,000. */
  readonly pulse?: number;
  /** Milliseconds before a request is sent again; each further time three times as long. Default 200. */
  readonly pause?: number;
}

/** What goes with a request. */
export interface CallOptions extends RequestParts {
  readonly signal?: AbortSignal;
  /** Bytes that the answer may have, unpacked. Default: any number, for what is read piece by piece. */
  readonly maxBytes?: number;
  /** What is asked for: a query, something that takes no work, or a lot of work. Default: a query. */
  readonly effort?: "query" | "quick" | "work";
  /** Whether the answer comes as things happen. */
  readonly isLive?: boolean;
  /** Times that a request is sent again where the connection broke. Default 3. */
  readonly retries?: number;
}

/** What goes with a request whose answer is read as a whole. */
export interface JsonOptions extends CallOptions {
  /** What the answer is, for messages: `a listing`. */
  readonly what?: string;
  /** Whether an answer without a digest is refused, as the protocol of synchronisation demands. */
  readonly needsDigest?: boolean;
}

/** Asks one server, with one rule of trying again and one mapping of errors: all that dbx says to a server goes through here. */
export class HttpClient implements AsyncDisposable {
  readonly base: string;
  /** For messages: what the user calls it. */
  readonly location: string;
  /** Tells whose token it is from others, without telling it. Undefined: there is none. */
  readonly user: string | undefined;
  readonly retry: Retry;
  readonly #options: ClientOptions;
  readonly #transport: Transport;

  /** @throws {UsageError} For a token that others could hear on the way. */
  constructor(options: ClientOptions) {
    checkWay(options.base, options);
    this.#options = options;
    this.base = options.base;
    this.location = options.location ?? options.base;
    this.user = options.token && createHash("sha256").update(options.token).digest("hex").slice(0, 16);
    this.#transport = options.transport ?? ((request) => fetch(request));
    this.retry = new Retry(options.pause ?? 200);
  }

  /** Whether requests go one after another. */
  get isSerial(): boolean {
    return this.#options.isSerial ?? false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.close?.();
  }

  /** An answer, whatever its status. */
  async send(route: PlainRoute | Target, options: CallOptions = {}): Promise<Response> {
    return await this.retry.run(() => this.#once(route, options), options);
  }

  /** An answer that is as it should be. Rejects with what the server says. */
  async call(route: PlainRoute | Target, options: CallOptions = {}): Promise<Response> {
    const response = await this.send(route, options);
    if (response.ok) return response;
    throw await this.errorOf(response);
  }

  /** Sends a request whose answer says nothing but that it was done. */
  async done(route: PlainRoute | Target, options: CallOptions = {}): Promise<void> {
    await (await this.call(route, options)).body?.cancel();
  }

  /** The object in an answer; one that was cut, or has another digest than it names, is asked for again. */
  async json(route: PlainRoute | Target, options: JsonOptions = {}): Promise<Record<string, unknown>> {
    const json = await this.value(route, options);
    if (!isObject(json)) throw this.protocolError(options.what);
    return json;
  }

  /** The JSON of an answer, whatever it is. */
  async value(route: PlainRoute | Target, options: JsonOptions = {}): Promise<unknown> {
    return await this.retry.run(async () => {
      const response = await this.call(route, { maxBytes: MAX_JSON_BYTES, ...options, retries: 0 });
      return this.parse(await this.bytes(response, options.needsDigest), options.what);
    }, options);
  }

  /** The bytes of an answer, compared with their digest. */
  async bytes(response: Response, needsDigest = false): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(await response.arrayBuffer());
    const isGood = hasDigest(bytes, response.headers.get("content-digest"));
    if (isGood === false || (needsDigest && isGood === undefined)) throw this.garbledError();
    return bytes;
  }

  /** The JSON of a text; `what`: for the message if it is not valid. */
  parse(text: string | Uint8Array, what?: string): unknown {
    try {
      return JSON.parse(typeof text === "string" ? text : new TextDecoder("utf-8", { fatal: true }).decode(text));
    } catch {
      throw this.protocolError(what);
    }
  }

  /** What an answer says is wrong. */
  async errorOf(response: Response): Promise<DbxError> {
    const hasToken = this.#options.token !== undefined;
    return await responseError(response, { who: this.location, base: this.base, hasToken });
  }

  /** The error for a checksum that is missing or wrong. */
  garbledError(): GarbledError {
    return garbledError(this.location);
  }

  /** The error for an answer that is complete but violates the protocol. */
  protocolError(what = "an answer"): DamageError {
    return new DamageError(
      `Cannot understand ${this.location}: it sends ${what} that violates the protocol; is dbx serve running there?`,
    );
  }

  /** Sends a request, and again only where the server is busy. */
  async #once(route: PlainRoute | Target, options: CallOptions): Promise<Response> {
    const { signal, maxBytes, isLive } = options;
    const { effort = "query" } = options;
    const { token, isSerial } = this.#options;
    const message = await encodeRequest(this.base, typeof route === "string" ? ROUTES[route] : route, options, token);
    const how = { who: this.location, timeouts: this.#timeouts(effort), maxBytes, isLive };
    const ask = (signal?: AbortSignal) => exchange(this.#transport, { ...message, signal }, how);
    for (let waits = 0;; waits++) {
      const response = effort === "work" && !isSerial
        ? await whileAlive(ask, () => this.#probe(signal), { everyMs: this.#options.pulse ?? PULSE_MS, signal })
        : await ask(signal);
      this.retry.isReached = true;
      if (isChangedOnTheWay(response.headers)) {
        await response.body?.cancel();
        throw this.garbledError();
      }
      if (!isBusy(response)) return response;
      if (!await this.retry.awaitTurn(response, waits, signal)) {
        throw new BusyError(`${(await this.errorOf(response)).message}; try again later`);
      }
    }
  }

  /** Rejects where the server does not answer. */
  async #probe(signal?: AbortSignal): Promise<void> {
    const message = await encodeRequest(
      this.base,
      routeTo("head_file", { name: MARKER_FILE }),
      {},
      this.#options.token,
    );
    const how = { who: this.location, timeouts: this.#options.timeouts ?? QUICK, maxBytes: MAX_ERROR_BYTES };
    await (await exchange(this.#transport, { ...message, signal }, how)).body?.cancel();
  }

  #timeouts(effort: NonNullable<CallOptions["effort"]>): Timeouts {
    const own = { query: QUERY, quick: QUICK, work: this.retry.isReached ? WORK : FIRST_WORK }[effort];
    return this.#options.timeouts ?? own;
  }
}
