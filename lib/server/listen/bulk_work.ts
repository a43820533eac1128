import type { Pace } from "../../base/yielder.ts";
import { FairScheduler } from "../../base/fair_scheduler.ts";
import { FairQueue } from "./fair_queue.ts";
import { withReadTimeout } from "../http/read_timeout.ts";
import { HttpError } from "../http/http_error.ts";
import type { Incoming } from "../http/incoming.ts";

/** Work in bulk of one client at the same time, and what of it may wait. */
const OWN = { each: 4, waiting: 64 };
/** Bodies that are unpacked and written at the same time, of all: they take memory, and wait only for the disk. */
const TAKEN = { all: 8, each: 2, waiting: 64 };
/** Large bodies of one client that are read or worked on at the same time: they are in memory. */
const BODIES = { each: 16, waiting: 128 };
/** Bytes from which on a body is large. The length of a compressed body is unknown before it is decompressed. */
const LARGE_BODY = 256 * 1024;
/** Milliseconds of work after which others get their turn. */
const SLICE_MS = 5;

/**
 * Work of a server that takes long: inventories, proofs, listings, files in bulk. Each client has so much of it at the same time;
 * the thread is given to one client after another, a few milliseconds each, and small requests come between.
 */
export class BulkWork {
  readonly #own = new FairQueue(OWN);
  readonly #taken = new FairQueue(TAKEN);
  readonly #bodies = new FairQueue(BODIES);
  readonly #ended = new AbortController();
  /** What is being written of bodies that were cut, by client. */
  readonly #cut = new Map<string, Set<Promise<unknown>>>();

  constructor(readonly turns: FairScheduler = new FairScheduler()) {}

  /** Aborts when the server stops. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Ends all that is under way. */
  stop(): void {
    this.#ended.abort(new HttpError(503, "the server is shutting down", { "retry-after": "5" }));
  }

  /** How work for a client gives way. */
  paceOf(client: string): Pace {
    return { everyMs: SLICE_MS, turn: () => this.turns.turn(client) };
  }

  /**
   * Does work for a client when it is its turn, and keeps its place until the answer is sent. The signal aborts when the client
   * leaves, or the server stops. Rejects with a refusal where too much of this client waits.
   */
  async run(
    { client, gone, sent }: { readonly client: string; readonly gone?: AbortSignal; readonly sent?: Promise<void> },
    work: (pace: Pace, signal: AbortSignal) => Promise<Response>,
  ): Promise<Response> {
    const signal = gone === undefined ? this.ended : AbortSignal.any([gone, this.ended]);
    const leave = await this.#own.enter(client, signal);
    try {
      const pace = this.paceOf(client);
      await pace.turn!();
      signal.throwIfAborted();
      const response = taken(await work(pace, signal));
      void (sent ?? Promise.resolve()).then(leave, leave);
      return response;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Answers a request. A large body of it is not read before there is a place for one more of this client's. */
  async withBody(
    { request, client, gone }: { readonly request: Incoming; readonly client: string; readonly gone?: AbortSignal },
    work: () => Promise<Response> | Response,
  ): Promise<Response> {
    if (!hasLargeBody(request)) return await work();
    const leave = await this.#bodies.enter(client, gone);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Unpacks and writes a body that has come. */
  async take<T>(client: string, gone: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const leave = await this.#taken.enter(client, gone);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** The same, of a body that was cut: nobody waits for the answer, but it is written nevertheless. */
  async takeCut<T>(client: string, work: () => Promise<T>): Promise<T> {
    const done = this.take(client, undefined, work);
    const own = this.#cut.get(client) ?? new Set();
    this.#cut.set(client, own.add(done));
    try {
      return await done;
    } finally {
      own.delete(done);
      if (own.size === 0) this.#cut.delete(client);
    }
  }

  /** Resolves when what came of a client's cut bodies is written, so that an inventory includes it. */
  async cutAreTaken(client: string): Promise<void> {
    await Promise.allSettled(this.#cut.get(client) ?? []);
  }
}

function hasLargeBody({ body, headers }: Incoming): boolean {
  if (body === null) return false;
  const length = headers.get("content-length");
  return length === null || Number(length) > LARGE_BODY || headers.has("content-encoding");
}

/**
 * The same answer, which ends when the client stops reading. It is always a stream: of what is given as a whole, the
 * runtime says that it is sent when it has been put into a buffer.
 */
function taken({ body, status, headers }: Response): Response {
  if (body === null) return new Response(null, { status, headers });
  return new Response(withReadTimeout(body as ReadableStream<Uint8Array<ArrayBuffer>>), { status, headers });
}
