import { pause } from "../../../base/time.ts";
import type { Keeper } from "./keeper.ts";

/** The signals that dbx relays to its child. SIGTSTP and SIGSTOP are left to the kernel, as are those that no process survives. */
const RELAYED: readonly Deno.Signal[] = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGXCPU",
  "SIGCONT",
  "SIGWINCH",
];
/** The runtime takes these over as soon as any listener exists, and dies of them, even where they were ignored. */
const TAKEN_OVER: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
const STOPS = new Set<Deno.Signal>(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]);

/**
 * A signal that goes to several processes reaches them within microseconds; a `timeout`, a scheduler or a `pkill` that sends it
 * one by one, and is interrupted, a little later. So many milliseconds are waited before dbx decides, and equal signals in
 * between are one.
 */
const WINDOW_MS = 120;

/** How long what comes before the child may go on when dbx is asked to stop: a server that does not answer is not waited for. */
const GIVE_UP_MS = 2000;

/** What the relay needs of the child. */
export interface Signalled {
  readonly pid: number;
  /** Sends a signal; it is fine if the child has ended already. SIGKILL goes to all processes that descend from it, too. */
  kill(signal: Deno.Signal): void;
}

/** How signals are relayed. */
export interface RelayOptions {
  /** Milliseconds from a stop to SIGKILL; undefined: dbx waits as long as the child does. */
  readonly graceMs?: number;
  /** Whether stdin is a terminal: for when there is no keeper. */
  readonly terminal: boolean;
  readonly keeper?: Keeper;
  /** Called when dbx kills the child at the end of the grace: after which signal, and how many milliseconds. */
  readonly onKill?: (after: Deno.Signal, graceMs: number) => void;
}

/**
 * Relays signals to a child so that each reaches it once: one that went to the whole process group (Ctrl-C, `timeout`, a
 * scheduler) has reached it already. Signals that were ignored when dbx was started stay ignored.
 */
export class SignalRelay implements Disposable {
  readonly #listeners: [Deno.Signal, () => void][] = [];
  readonly #pending = new Set<Deno.Signal>();
  #child: Signalled | undefined;
  readonly #held = new Set<Deno.Signal>();
  readonly #options: RelayOptions;
  #giveUp: (() => void) | undefined;
  #killer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;
  /** The first stop that came. */
  stoppedBy: Deno.Signal | undefined;
  /** Whether dbx killed the child, at the end of the grace. */
  killed = false;

  /** Made before the child is: what comes meanwhile is held, and neither ends dbx nor is lost. */
  constructor(options: RelayOptions) {
    this.#options = options;
    const ignored = options.keeper?.ignored ?? new Set();
    for (const signal of RELAYED) {
      if (!ignored.has(signal)) this.#listen(signal, () => void this.#relay(signal));
      else if (TAKEN_OVER.includes(signal)) this.#listen(signal, () => {});
    }
  }

  /** Waits for what comes before the child, but not long once a signal has asked dbx to stop; then undefined. */
  async unlessStopped<T>(work: Promise<T>): Promise<T | undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#giveUp = () => setTimeout(() => resolve(undefined), GIVE_UP_MS);
    return await Promise.race([work, promise]);
  }

  /** The child has started: it gets what came before. */
  attach(child: Signalled): void {
    this.#child = child;
    for (const signal of this.#held) {
      child.kill(signal);
      this.#limit(signal);
    }
    this.#held.clear();
  }

  /** Asks the child to stop, as SIGTERM would. `graceMs`: a limit other than the usual one. */
  stop(graceMs: number | undefined = this.#options.graceMs): void {
    this.stoppedBy ??= "SIGTERM";
    this.#child?.kill("SIGTERM");
    if (graceMs !== undefined) this.#killAfter("SIGTERM", graceMs);
  }

  /** The child has ended: signals that still come have no receiver. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#killer);
  }

  [Symbol.dispose](): void {
    this.end();
    for (const [signal, listener] of this.#listeners) Deno.removeSignalListener(signal, listener);
  }

  #listen(signal: Deno.Signal, listener: () => void): void {
    Deno.addSignalListener(signal, listener);
    this.#listeners.push([signal, listener]);
  }

  async #relay(signal: Deno.Signal): Promise<void> {
    if (STOPS.has(signal)) this.stoppedBy ??= signal;
    const child = this.#child;
    if (child === undefined) {
      this.#held.add(signal);
      if (STOPS.has(signal)) this.#giveUp?.();
      return;
    }
    if (this.#pending.has(signal) || this.#ended) return;
    this.#pending.add(signal);
    this.#limit(signal);
    await pause(WINDOW_MS);
    const { keeper, terminal } = this.#options;
    const reached = await keeper?.reachedGroup(signal, child.pid) ?? (terminal && signal === "SIGINT");
    this.#pending.delete(signal);
    if (!reached && !this.#ended) child.kill(signal);
  }

  #limit(signal: Deno.Signal): void {
    const { graceMs } = this.#options;
    if (STOPS.has(signal) && graceMs !== undefined && this.#killer === undefined) this.#killAfter(signal, graceMs);
  }

  #killAfter(signal: Deno.Signal, graceMs: number): void {
    clearTimeout(this.#killer);
    this.#killer = setTimeout(() => {
      if (this.#ended) return;
      this.killed = true;
      this.#options.onKill?.(signal, graceMs);
      this.#child?.kill("SIGKILL");
    }, graceMs);
  }
}
