import { errorFromJson, LimitError } from "../query/wire.ts";
import type { AskedRepository, AskLimits, FromWorker, Question, ToWorker } from "./ask.ts";
import { Refusal } from "./refusal.ts";

/** How a pool works. */
export interface PoolOptions {
  readonly repositories: readonly AskedRepository[];
  /** Threads at most. */
  readonly threads?: number;
  /** Questions that may wait, beside those that are worked on. */
  readonly waiting?: number;
  readonly limits?: Partial<AskLimits>;
  /** Milliseconds for which a thread may go on with a question that is over, before another takes its place. */
  readonly graceMs?: number;
  /** Told of what a client is not told. */
  readonly onError?: (message: string) => void;
}

/** What one question may use where nothing else is said. */
export const DEFAULT_LIMITS: AskLimits = { ms: 30_000, rows: 5_000_000, bytes: 1024 * 1024 * 1024 };

/** A question, and who waits for the answer. */
interface Ask {
  readonly id: number;
  /** Who asks: nobody has more than half of the threads while others wait. */
  readonly client: string;
  readonly message: ToWorker & { kind: "ask" };
  readonly stop: Int32Array;
  readonly started: PromiseWithResolvers<void>;
  controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  thread?: Thread;
  first: boolean;
}

interface Thread {
  readonly worker: Worker;
  busy: Ask | undefined;
  /** Runs when its question should be over. */
  timer?: ReturnType<typeof setTimeout>;
}

const GRACE_MS = 10_000;

/** Threads that answer questions within limits, so that no query keeps the server from serving. */
export class QueryPool {
  readonly #options: PoolOptions;
  readonly #limits: AskLimits;
  readonly #threads: Thread[] = [];
  readonly #waiting: Ask[] = [];
  #id = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  /** Starts a thread ahead of the first question. */
  warm(): void {
    if (this.#threads.length === 0 && !this.#closed) this.#start();
  }

  /** Questions that are worked on and that wait. */
  get load(): { readonly active: number; readonly waiting: number } {
    return { active: this.#threads.filter(({ busy }) => busy).length, waiting: this.#waiting.length };
  }

  /**
   * Answers a question: the bytes of the answer, when the first of them are there. Rejects with what is wrong with the
   * question. Cancelling the stream ends the work.
   */
  async ask(
    of: readonly { readonly at: number; readonly name: string }[],
    question: Question,
    { client = "", limits, signal }: {
      readonly client?: string;
      readonly limits?: Partial<AskLimits>;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    if (this.#closed) throw new Refusal(503, "the server stops", { "retry-after": "5" });
    if (this.#waiting.length >= (this.#options.waiting ?? 64)) {
      throw new Refusal(503, "too many queries wait", { "retry-after": "1" });
    }
    const id = ++this.#id;
    const stop = new SharedArrayBuffer(4);
    // Who asks may lower a limit, and not raise it.
    const least = (name: keyof AskLimits) => Math.min(limits?.[name] ?? Infinity, this.#limits[name]);
    const ask: Ask = {
      id,
      client,
      stop: new Int32Array(stop),
      message: {
        kind: "ask",
        id,
        of,
        question,
        limits: { ms: least("ms"), rows: least("rows"), bytes: least("bytes") },
        stop,
      },
      started: Promise.withResolvers<void>(),
      controller: undefined as never,
      first: true,
    };
    ask.started.promise.catch(() => {}); // It may be told by the stream instead.
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => void (ask.controller = controller),
      pull: () => ask.thread?.worker.postMessage({ kind: "more", id } satisfies ToWorker),
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
    for (const ask of [...this.#waiting, ...this.#threads.map(({ busy }) => busy)]) {
      if (ask === undefined) continue;
      this.#stop(ask);
      ask.started.reject(new Refusal(503, "the server stops"));
    }
    for (const { worker, timer } of this.#threads) {
      clearTimeout(timer);
      worker.terminate();
    }
    this.#threads.length = 0;
  }

  #stop(ask: Ask): void {
    Atomics.store(ask.stop, 0, 1);
    const at = this.#waiting.indexOf(ask);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (ask.thread === undefined) return;
    ask.thread.worker.postMessage({ kind: "stop", id: ask.id } satisfies ToWorker);
    this.#expectEnd(ask.thread, ask, 0);
  }

  /** A thread may be in a step that nothing can interrupt. It is left alone then, and ends when the step does. */
  #expectEnd(thread: Thread, ask: Ask, ms: number): void {
    clearTimeout(thread.timer);
    if (thread.busy !== ask) return;
    thread.timer = setTimeout(() => {
      if (thread.busy !== ask || this.#closed) return;
      this.#options.onError?.("a query does not end; another thread takes the place of its own");
      this.#threads.splice(this.#threads.indexOf(thread), 1);
      thread.worker.terminate();
      this.#fail(ask, new LimitError("Cannot answer the query: it takes too long; narrow it down"));
      this.#assign();
    }, ms + (this.#options.graceMs ?? GRACE_MS));
  }

  #assign(): void {
    const most = this.#options.threads ?? 2;
    while (this.#waiting.length > 0) {
      let thread = this.#threads.find(({ busy }) => busy === undefined);
      if (thread === undefined && this.#threads.length < most) thread = this.#start();
      if (thread === undefined) return;
      const ask = this.#next(most);
      if (ask === undefined) return;
      ask.thread = thread;
      thread.busy = ask;
      thread.worker.postMessage(ask.message);
    }
  }

  /** The next question: of those whose asker has less than half of the threads, the oldest. */
  #next(most: number): Ask | undefined {
    const share = Math.max(1, Math.floor(most / 2));
    const at = this.#waiting.findIndex(({ client }) =>
      client === "" || this.#threads.filter(({ busy }) => busy?.client === client).length < share
    );
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  #start(): Thread {
    const { repositories, onError } = this.#options;
    const permissions = {
      read: [
        ...new Set(repositories.flatMap(({ path, folder }) => [path, ...folder === undefined ? [] : [folder]])),
        ...sources(),
      ],
      write: repositories.flatMap(({ folder }) => (folder === undefined ? [] : [folder])),
      net: false,
      run: false,
      env: false,
      sys: false,
      ffi: false,
      import: false,
    };
    const options = { type: "module", name: "query", deno: { permissions } } as unknown as WorkerOptions;
    const worker = new Worker(new URL("./query_worker.ts", import.meta.url), options);
    const thread: Thread = { worker, busy: undefined };
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(thread, data);
    worker.onerror = (event) => {
      event.preventDefault();
      onError?.(`a query thread ended: ${event.message}`);
      clearTimeout(thread.timer);
      const at = this.#threads.indexOf(thread);
      if (at < 0) return;
      this.#threads.splice(at, 1);
      if (thread.busy !== undefined) this.#fail(thread.busy, new Refusal(500, "the query failed"));
      this.#assign();
    };
    worker.postMessage({ kind: "open", repositories } satisfies ToWorker);
    this.#threads.push(thread);
    return thread;
  }

  #hear(thread: Thread, message: FromWorker): void {
    const ask = thread.busy;
    if (message.kind === "ready" || ask === undefined || message.id !== ask.id) return;
    switch (message.kind) {
      case "started":
        return this.#expectEnd(thread, ask, ask.message.limits.ms);
      case "piece":
        ask.first = false;
        ask.started.resolve();
        if (Atomics.load(ask.stop, 0) === 0) ask.controller.enqueue(message.bytes);
        return;
      case "end":
        ask.started.resolve();
        if (Atomics.load(ask.stop, 0) === 0) ask.controller.close();
        break;
      case "error": {
        if (message.unexpected !== undefined) this.#options.onError?.(message.unexpected);
        const error = errorFromJson(message.error, "it failed");
        this.#fail(
          ask,
          error instanceof LimitError ? error : message.error.kind ? error : new Refusal(500, "it failed"),
        );
      }
    }
    clearTimeout(thread.timer);
    thread.busy = undefined;
    this.#assign();
  }

  #fail(ask: Ask, error: Error): void {
    ask.started.reject(error);
    if (Atomics.load(ask.stop, 0) !== 0) return;
    try {
      ask.controller.error(error);
    } catch {
      // It was read to its end.
    }
  }
}

/** From source, a worker loads its modules through its own permissions. */
function sources(): string[] {
  if (Deno.build.standalone) return [];
  const url = new URL("../../", import.meta.url);
  return url.protocol === "file:" ? [decodeURIComponent(url.pathname).replace(/\/$/, "")] : [];
}
