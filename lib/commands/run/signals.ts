/** The signals that reach the child through dbx. */
const FORWARDED: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"];
const STOPS = new Set<Deno.Signal>(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]);

/**
 * Forwards signals to a child. After one that asks it to stop it has `graceMs` before it is killed; a second one of these
 * kills it at once. On a terminal, Ctrl-C reaches the child's process group by itself, so dbx passes no SIGINT on there.
 */
export class SignalForwarder implements Disposable {
  readonly #listeners: [Deno.Signal, () => void][];
  #killer: ReturnType<typeof setTimeout> | undefined;
  readonly #send: (signal: Deno.Signal) => void;
  readonly #graceMs: number;
  /** The first stop that came. */
  stoppedBy: Deno.Signal | undefined;

  constructor(child: Deno.ChildProcess, options: { readonly graceMs: number; readonly terminal: boolean }) {
    const send = (signal: Deno.Signal) => {
      try {
        child.kill(signal);
      } catch {
        // It has ended already.
      }
    };
    this.#send = send;
    this.#graceMs = options.graceMs;
    this.#listeners = FORWARDED.map((signal) => [signal, () => {
      if (!STOPS.has(signal)) return send(signal);
      if (this.stoppedBy !== undefined) return send("SIGKILL");
      this.stoppedBy = signal;
      if (!(signal === "SIGINT" && options.terminal)) send(signal);
      this.#killer = setTimeout(() => send("SIGKILL"), options.graceMs);
    }]);
    for (const [signal, listener] of this.#listeners) Deno.addSignalListener(signal, listener);
  }

  /** Asks the child to stop, as a signal would. `graceMs`: instead of the usual time until it is killed. */
  stop(graceMs: number = this.#graceMs): void {
    this.stoppedBy ??= "SIGTERM";
    this.#send("SIGTERM");
    clearTimeout(this.#killer);
    this.#killer = setTimeout(() => this.#send("SIGKILL"), graceMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#killer);
    for (const [signal, listener] of this.#listeners) Deno.removeSignalListener(signal, listener);
  }
}
