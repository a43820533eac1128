import type { Pace } from "../base/breather.ts";
import { Turns } from "../base/turns.ts";
import { FairQueue } from "./fair_queue.ts";
import { Refusal } from "./refusal.ts";

/** Work in bulk of one client at the same time, and what of it may wait. */
const OWN = { each: 4, waiting: 64 };
/** Bodies that are unpacked and written at the same time, of all: they take memory, and wait for nobody but the disk. */
const TAKEN = { all: 4, each: 4, waiting: 64 };
/** Milliseconds of work after which others get their turn. */
const SLICE_MS = 5;

/**
 * Work of a server that takes long: inventories, proofs, listings, files in bulk. Each client has so much of it at the same time;
 * the thread is given to one client after another, a few milliseconds each, and small requests come between.
 */
export class BulkWork {
  readonly #own = new FairQueue(OWN);
  readonly #taken = new FairQueue(TAKEN);

  readonly #ended = new AbortController();

  constructor(readonly turns: Turns = new Turns()) {}

  /** Aborts when the server stops. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Ends all that is under way. */
  stop(): void {
    this.#ended.abort(new Refusal(503, "the server stops", { "retry-after": "5" }));
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
    client: string,
    gone: AbortSignal | undefined,
    work: (pace: Pace, signal: AbortSignal) => Promise<Response>,
  ): Promise<Response> {
    const signal = gone === undefined ? this.ended : AbortSignal.any([gone, this.ended]);
    const leave = await this.#own.enter(client, signal);
    try {
      const pace = this.paceOf(client);
      await pace.turn!();
      signal.throwIfAborted();
      return whileSent(await work(pace, signal), leave, signal);
    } catch (error) {
      leave();
      throw error;
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
}

/** The same answer; `done` is called when it is sent, or nobody waits for it. */
function whileSent(response: Response, done: () => void, signal: AbortSignal): Response {
  // What has a digest is all there already.
  if (response.body === null || response.headers.has("content-digest")) {
    done();
    return response;
  }
  const reader = response.body.getReader();
  const end = () => {
    signal.removeEventListener("abort", leave);
    done();
  };
  const leave = () => {
    end();
    reader.cancel(signal.reason).catch(() => {});
  };
  signal.addEventListener("abort", leave, { once: true });
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done: isOver, value } = await reader.read();
        if (!isOver) return controller.enqueue(value);
        end();
        controller.close();
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
  return new Response(body, { status: response.status, headers: response.headers });
}
