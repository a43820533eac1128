import { errorFromJson, LimitError } from "../../protocol/error_json.ts";
import type { AskLimits, PoolRequest, QueriedRepository, WorkerReply, WorkerRequest } from "./messages.ts";
import { type QueryHelper, type StartHelper, startThread } from "./query_helper.ts";
import { HttpError } from "../http/http_error.ts";

/** How a pool works. */
export interface PoolOptions {
  readonly repositories: readonly QueriedRepository[];
  /** Starts what answers. Default: a thread of this process. */
  readonly start?: StartHelper;
  /** Helpers at most. Default 2. */
  readonly helpers?: number;
  /** Questions that may wait, beside those that are worked on. */
  readonly waiting?: number;
  readonly limits?: Partial<AskLimits>;
  /** Milliseconds for which a helper may go on with a question that is over, before another takes its place. */
  readonly graceMs?: number;
  /** Called with errors that are not shown to a client. */
  readonly onError?: (message: string) => void;
}

/** What one question may use where nothing else is said. */
export const DEFAULT_LIMITS: AskLimits = { ms: 30_000, rows: 5_000_000, bytes: 1024 * 1024 * 1024 };

/** A question, and who waits for the answer. */
interface Ask {
  readonly id: number;
  /** The client: its queries get half of the helpers at most, so that the rest answers others, and its short questions. */
  readonly client: string;
  readonly message: WorkerRequest & { kind: "ask" };
  isOver: boolean;
  readonly started: PromiseWithResolvers<void>;
  controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  place?: Place;
}

/** A helper, and what it is at. */
interface Place {
  readonly helper: QueryHelper;
  busy: Ask | undefined;
  /** Runs when its question should be over. */
  timer?: ReturnType<typeof setTimeout>;
}

const GRACE_MS = 10_000;

/** Helpers that answer questions within limits, so that no query keeps the server from serving. */
export class QueryPool {
  readonly #options: PoolOptions;
  readonly #limits: AskLimits;
  readonly #places: Place[] = [];
  readonly #waiting: Ask[] = [];
  #id = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  /** Starts a helper ahead of the first question. */
  warm(): void {
    if (this.#places.length === 0 && !this.#closed) this.#start();
  }

  /** Questions that are worked on and that wait. */
  get load(): { readonly active: number; readonly waiting: number } {
    return { active: this.#places.filter(({ busy }) => busy).length, waiting: this.#waiting.length };
  }

  /**
   * Answers a question: the bytes of the answer, when the first of them are there. Rejects with what is wrong with the
   * question. Cancelling the stream ends the work, as `signal` does until the first bytes are there.
   */
  async ask(
    of: readonly { readonly at: number; readonly name: string }[],
    question: PoolRequest,
    { client = "", limits, signal }: {
      readonly client?: string;
      readonly limits?: Partial<AskLimits>;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    signal?.throwIfAborted();
    if (this.#closed) throw new HttpError(503, "the server is shutting down", { "retry-after": "5" });
    if (this.#waiting.length >= (this.#options.waiting ?? 64)) {
      throw new HttpError(503, "too many queries are waiting", { "retry-after": "1" });
    }
    const id = ++this.#id;
    // A request may lower a limit, but not raise it.
    const least = (name: keyof AskLimits) => Math.min(limits?.[name] ?? Infinity, this.#limits[name]);
    const ask: Ask = {
      id,
      client,
      isOver: false,
      message: {
        kind: "ask",
        id,
        of,
        question,
        limits: { ms: least("ms"), rows: least("rows"), bytes: least("bytes") },
      },
      started: Promise.withResolvers<void>(),
      controller: undefined as never,
    };
    ask.started.promise.catch(() => {}); // The stream may report it instead.
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => void (ask.controller = controller),
      pull: () => ask.place?.helper.post({ kind: "more", id }),
      cancel: () => this.#stop(ask),
    }, { highWaterMark: 2 });
    const onAbort = () => {
      this.#stop(ask);
      ask.started.reject(signal!.reason);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#waiting.push(ask);
    this.#assign();
    try {
      await ask.started.promise;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
    return stream;
  }

  /** Ends all work. */
  close(): void {
    this.#closed = true;
    for (const ask of [...this.#waiting, ...this.#places.map(({ busy }) => busy)]) {
      if (ask === undefined) continue;
      this.#stop(ask);
      ask.started.reject(new HttpError(503, "the server is shutting down"));
    }
    for (const { helper, timer } of this.#places) {
      clearTimeout(timer);
      helper.end();
    }
    this.#places.length = 0;
  }

  #stop(ask: Ask): void {
    ask.isOver = true;
    const at = this.#waiting.indexOf(ask);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (ask.place === undefined) return;
    ask.place.helper.post({ kind: "stop", id: ask.id });
    this.#expectEnd(ask.place, ask, 0);
  }

  /** A helper may be in a step that nothing can interrupt. It is ended then: a process at once, a thread when the step does. */
  #expectEnd(place: Place, ask: Ask, ms: number): void {
    clearTimeout(place.timer);
    if (place.busy !== ask) return;
    place.timer = setTimeout(() => {
      if (place.busy !== ask || this.#closed) return;
      this.#options.onError?.("a query does not end; its helper process is replaced");
      this.#places.splice(this.#places.indexOf(place), 1);
      place.helper.end();
      this.#fail(ask, new LimitError("Cannot answer the query: it takes too long; narrow it down"));
      this.#assign();
    }, ms + (this.#options.graceMs ?? GRACE_MS));
  }

  #assign(): void {
    const most = this.#options.helpers ?? 2;
    while (this.#waiting.length > 0) {
      let place = this.#places.find(({ busy }) => busy === undefined);
      if (place === undefined && this.#places.length < most) place = this.#start();
      if (place === undefined) return;
      const ask = this.#next(most);
      if (ask === undefined) return;
      ask.place = place;
      place.busy = ask;
      place.helper.post(ask.message);
    }
  }

  /** The next question: the oldest of those that are short, or whose client has less than half of the helpers. */
  #next(most: number): Ask | undefined {
    const share = Math.max(1, Math.floor(most / 2));
    const at = this.#waiting.findIndex(({ client, message: { question: { type } } }) =>
      client === "" || type === "list" || type === "schema" ||
      this.#places.filter(({ busy }) => busy?.client === client).length < share
    );
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  #start(): Place {
    const { repositories, start = startThread } = this.#options;
    const helper = start(repositories, {
      onMessage: (message) => this.#onMessage(place, message),
      onEnd: (why, tooLarge) => this.#onWorkerLost(place, why, tooLarge),
    });
    const place: Place = { helper, busy: undefined };
    this.#places.push(place);
    return place;
  }

  /** A helper has ended: its question is lost, and nothing else. */
  #onWorkerLost(place: Place, why: string, tooLarge: boolean): void {
    clearTimeout(place.timer);
    const at = this.#places.indexOf(place);
    if (at < 0) return;
    this.#options.onError?.(`a query helper ended: ${tooLarge ? "it exceeded its memory limit" : why}`);
    this.#places.splice(at, 1);
    if (place.busy !== undefined) {
      const error = tooLarge
        ? new LimitError("Cannot answer the query: it exceeds the memory limit; narrow it down")
        : new HttpError(500, "the query failed");
      this.#fail(place.busy, error);
    }
    this.#assign();
  }

  #onMessage(place: Place, message: WorkerReply): void {
    const ask = place.busy;
    if (message.kind === "ready" || ask === undefined || message.id !== ask.id) return;
    switch (message.kind) {
      case "started":
        return this.#expectEnd(place, ask, ask.message.limits.ms);
      case "piece":
        ask.started.resolve();
        if (!ask.isOver) ask.controller.enqueue(message.bytes);
        return;
      case "end":
        ask.started.resolve();
        if (!ask.isOver) ask.controller.close();
        break;
      case "error": {
        if (message.unexpected !== undefined) this.#options.onError?.(message.unexpected);
        const error = errorFromJson(message.error, "it failed");
        this.#fail(
          ask,
          error instanceof LimitError ? error : message.error.kind ? error : new HttpError(500, "it failed"),
        );
      }
    }
    clearTimeout(place.timer);
    place.busy = undefined;
    this.#assign();
  }

  #fail(ask: Ask, error: Error): void {
    ask.started.reject(error);
    if (ask.isOver) return;
    try {
      ask.controller.error(error);
    } catch {
      // It was read to its end.
    }
  }
}
