/** What a context writes to. */
export interface Sink {
  write(event: string, data?: unknown): void;
}

/** A stopwatch: `end` logs what it is given and the `duration` in seconds. */
export interface Stopwatch extends Disposable {
  end(data?: Readonly<Record<string, unknown>>): void;
}

/**
 * A place in the tree of event names: what it logs stands below its path.
 *
 * ```ts
 * for (const epoch of run.each("epoch", 10)) epoch.log("train", { loss }); // epoch/0/train …
 * ```
 */
export class LogContext {
  readonly #sink: Sink;

  constructor(
    sink: Sink,
    /** The path of names; `""` at the root. */
    readonly path: string = "",
    /** The context above, undefined at the root. */
    readonly parent?: LogContext,
  ) {
    this.#sink = sink;
  }

  /** The context at the top. */
  get root(): LogContext {
    return this.parent?.root ?? this;
  }

  /** Logs an event below this path; `""` is the path itself. */
  log(event: string, data?: unknown): void {
    this.#sink.write(this.#join(event), data);
  }

  /** The context below: `sub("train", 3)` is `train/3`. */
  sub(...names: (string | number)[]): LogContext {
    return names.reduce<LogContext>(
      (above, name) => new LogContext(this.#sink, above.#join(String(name)), above),
      this,
    );
  }

  /** A context by its path from the root. */
  at(path: string): LogContext {
    return this.root.sub(...path.split("/"));
  }

  /** A context for each number below `count`, or each item: `each("epoch", 10)`, `each("fold", ["a", "b"])`. */
  *each(name: string, items: number | Iterable<string | number>): Generator<LogContext & { readonly index: number }> {
    const list = typeof items === "number" ? Array.from({ length: items }, (_, index) => index) : items;
    let index = 0;
    for (const item of list) yield Object.assign(this.sub(name, item), { index: index++ });
  }

  /** Starts a stopwatch: its `end` logs the event with `duration` in seconds. Leaving a `using` block ends it too. */
  start(event: string): Stopwatch {
    const from = performance.now();
    let ended = false;
    const end = (data: Readonly<Record<string, unknown>> = {}) => {
      if (ended) return;
      ended = true;
      this.log(event, { ...data, duration: (performance.now() - from) / 1000 });
    };
    return { end, [Symbol.dispose]: () => end() };
  }

  #join(name: string): string {
    return this.path === "" ? name : name === "" ? this.path : `${this.path}/${name}`;
  }
}
