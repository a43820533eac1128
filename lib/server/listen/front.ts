import { pause } from "../../base/time.ts";
import { systemCode } from "../../fs/disk_error.ts";
import { close, Connection } from "./connection.ts";
import { groupOf, isLoopback } from "./rate_limit.ts";
import type { QuickAnswers } from "./quick_answers.ts";
import type { Backend, BackendLink, Cut, FrontLimits } from "./types.ts";

/** The default limits of a front. */
export const FRONT_LIMITS: FrontLimits = {
  headMs: 10_000,
  idleMs: 60_000,
  readMs: 60_000,
  all: 4096,
  strangers: 1024,
  each: 256,
};

/** Connections that are held at least, however few files the process may open. */
const MIN_CONNECTIONS = 8;

/** The system's error of a process that has too many files open, and milliseconds in which it counts once. */
const TOO_MANY_OPEN = 24;
const SHRINK_MS = 500;

/**
 * Stands between clients and the runtime's server, which waits for the head of a request as long as a client likes.
 * Bytes are passed on as they are; slow clients are cut off, and no client gets all connections.
 */
export class Front {
  readonly #connections = new Set<Connection>();
  readonly #serving = new Set<Promise<void>>();
  readonly #timer: ReturnType<typeof setInterval>;
  /** Connections for which the system has files: fewer than the limits say, once it had too few. */
  #room = Infinity;
  #shrunkAt = -Infinity;

  /** `isTrusted`: addresses of proxies, which keep slow clients off themselves. */
  constructor(
    readonly listener: Deno.Listener<Deno.Conn>,
    readonly backend: Backend,
    readonly options: {
      readonly limits: FrontLimits;
      readonly isTrusted: (address: string) => boolean;
      readonly onCut: (why: Cut) => void;
      /** What clients on this machine are answered without the runtime's server. */
      readonly quick: QuickAnswers;
    },
  ) {
    const { headMs, idleMs, readMs } = options.limits;
    this.#timer = setInterval(() => this.#look(), Math.min(500, Math.min(headMs, idleMs, readMs) / 4));
    void this.#accept();
  }

  /** Takes nothing new. */
  stop(): void {
    close(this.listener);
    for (const connection of this.#connections) connection.endUnlinked();
  }

  /** What the server has said is passed on to its end, where clients take it. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#serving);
  }

  /** Cuts all. */
  close(): void {
    this.stop();
    clearInterval(this.#timer);
    for (const connection of this.#connections) connection.cut();
  }

  async #accept(): Promise<void> {
    while (true) {
      try {
        const served = this.#serve(await this.listener.accept());
        this.#serving.add(served);
        void served.finally(() => this.#serving.delete(served));
      } catch (error) {
        if (error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted) return;
        this.#shrink(error);
        await pause(50); // No file is free: some end by themselves.
      }
    }
  }

  async #serve(near: Deno.Conn): Promise<void> {
    const remote = near.remoteAddr;
    const address = remote.transport === "tcp" ? remote.hostname : "unix";
    const isTrusted = this.options.isTrusted(address);
    // Others may ask only so often, and a proxy asks for others.
    const isQuick = !isTrusted && (address === "unix" || isLoopback(address));
    const connection = new Connection(address, groupOf(address), near, isQuick ? this.options.quick : undefined);
    connection.isKnown = isTrusted;
    if (!this.#hasRoom(connection)) {
      this.options.onCut("too-many");
      return close(near);
    }
    this.#connections.add(connection);
    let link: BackendLink | undefined;
    try {
      if (remote.transport === "tcp") (near as Deno.TcpConn).setNoDelay?.(true);
      await connection.relay(async () => link = await this.backend.connect(connection));
    } catch (error) {
      // The server stops, or no file is free.
      this.#shrink(error);
    } finally {
      this.#shrink(connection.lost);
      close(near);
      if (link !== undefined) close(link.far);
      link?.leave();
      this.#connections.delete(connection);
    }
  }

  /**
   * Where the process may open no further file, a quarter fewer connections are held from then on: what else it does needs
   * files too. Those of strangers that ask for nothing go, the oldest ones first.
   */
  #shrink(error: unknown): void {
    const now = performance.now();
    if (systemCode(error) !== TOO_MANY_OPEN || now - this.#shrunkAt < SHRINK_MS) return;
    this.#shrunkAt = now;
    this.#room = Math.max(MIN_CONNECTIONS, Math.floor(Math.min(this.#room, this.#connections.size) * 3 / 4));
    let over = this.#connections.size - this.#room;
    for (const one of this.#connections) {
      if (over <= 0) return;
      if (one.isKnown || !one.isIdle) continue;
      one.cut();
      this.#connections.delete(one);
      this.options.onCut("too-many");
      over--;
    }
  }

  /** Whether there is room for one more; a stranger that asks for nothing makes some, of those who have most. */
  #hasRoom({ group, isKnown }: Connection): boolean {
    const { limits } = this.options;
    const strangers = [...this.#connections].filter((one) => !one.isKnown);
    const counts = new Map<string, number>();
    for (const one of strangers) counts.set(one.group, (counts.get(one.group) ?? 0) + 1);
    const own = isKnown ? 0 : counts.get(group) ?? 0;
    const all = Math.min(limits.all, this.#room);
    if (this.#connections.size < all && strangers.length < limits.strangers && own < limits.each) return true;
    const most = Math.max(...counts.values(), 0);
    const victim = strangers.find((one) =>
      one.isIdle && (own >= limits.each ? one.group === group : counts.get(one.group) === most)
    );
    victim?.cut();
    if (victim !== undefined) this.options.onCut("too-many");
    return victim !== undefined;
  }

  #look(): void {
    const now = performance.now();
    this.#room++; // Others may have closed files meanwhile.
    for (const connection of this.#connections) {
      const why = connection.fault(now, this.options.limits);
      if (why === undefined) continue;
      connection.cut();
      if (why !== "idle") this.options.onCut(why);
    }
  }
}
