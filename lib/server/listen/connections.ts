import { systemCode } from "../../fs/disk_error.ts";
import type { Backend, Way } from "./backend.ts";
import { HttpError } from "../http/http_error.ts";
import { groupOf } from "./rate_limit.ts";

/** Milliseconds that a front waits, and how many connections it holds. */
export interface FrontLimits {
  /** For a connection's first byte, and for all of the head of a request after its first byte. */
  readonly headMs: number;
  /** For the next request of a connection that has had one. */
  readonly idleMs: number;
  /** For a client to take 64 KiB. */
  readonly readMs: number;
  /** Connections at most; those that have not shown a right to ask, in all and of one address. */
  readonly all: number;
  readonly strangers: number;
  readonly each: number;
}

export const FRONT_LIMITS: FrontLimits = {
  headMs: 10_000,
  idleMs: 60_000,
  readMs: 60_000,
  all: 4096,
  strangers: 1024,
  each: 256,
};

/** Why a connection was cut. */
export type Cut = "slow-head" | "idle" | "slow-reader" | "too-many";

/** How the head of a request ends. */
const HEAD_END = [13, 10, 13, 10];

/** Connections that are held at least, however few files the process may open. */
const MIN_CONNECTIONS = 8;

/** The system's error of a process that has too many files open, and milliseconds in which it counts once. */
const TOO_MANY_OPEN = 24;
const SHRINK_MS = 500;

/** Bytes that are passed on at once. */
const PIECE = 64 * 1024;

/** Why work for a client ends: nobody will see it. */
const LEFT = new HttpError(408, "the client has left");

/** One connection of a client. */
export class Connection {
  /** Requests that are worked on. */
  #active = 0;
  #asked = false;
  /** When the head that is coming began; 0: none is. */
  #headAt = 0;
  #idleAt = performance.now();
  /** Whether the last bytes of the client end a head; undefined as long as none came. */
  #endsHead: boolean | undefined;
  /** Whether it speaks HTTP/2, where much else than heads comes between requests. */
  #isFramed = false;
  /** When a piece was begun to be written that is not yet taken; 0: none is. */
  #writingAt = 0;
  readonly #gone = new AbortController();
  /** Whether it has shown a right to ask. */
  isKnown = false;
  /** Why the runtime's server has given it up. */
  lost: unknown;

  /** `address`: without a port; `unix` for a socket in the file system. */
  constructor(readonly address: string, readonly group: string, readonly near: Deno.Conn) {}

  /** Aborts when the client has left. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get isIdle(): boolean {
    return this.#active === 0;
  }

  /** A request's head is there. */
  begin(hasBody: boolean): void {
    this.#active++;
    this.#headIsThere(hasBody);
  }

  /** Its answer is sent. */
  end(): void {
    this.#active--;
    this.#idleAt = performance.now();
  }

  /** A request was answered at once. */
  passed(): void {
    this.#headIsThere(false);
    this.#idleAt = performance.now();
  }

  #headIsThere(hasBody: boolean): void {
    this.#asked = true;
    // The next head may have begun with the same piece.
    const hasMore = !hasBody && this.#endsHead === false && !this.#isFramed;
    this.#headAt = hasMore ? performance.now() : 0;
  }

  #came(piece: Uint8Array): void {
    if (this.#endsHead === undefined) this.#isFramed = startsWith(piece, "PRI ");
    this.#endsHead = HEAD_END.every((byte, at) => piece.at(at - HEAD_END.length) === byte);
    if (this.#active === 0 && this.#headAt === 0 && !this.#isFramed) this.#headAt = performance.now();
  }

  /** What is wrong with it now. */
  fault(now: number, limits: FrontLimits): Cut | undefined {
    if (this.#writingAt > 0 && now - this.#writingAt > limits.readMs) return "slow-reader";
    if (this.#active > 0) return undefined;
    if (this.#headAt > 0) return now - this.#headAt > limits.headMs ? "slow-head" : undefined;
    if (!this.#asked) return now - this.#idleAt > limits.headMs ? "slow-head" : undefined;
    return now - this.#idleAt > limits.idleMs ? "idle" : undefined;
  }

  /** Passes bytes both ways until both sides have ended. */
  async relay(far: Deno.Conn): Promise<void> {
    const forth = this.#pump(this.near, far, (piece) => this.#came(piece), () => {}).finally(() =>
      this.#gone.abort(LEFT)
    );
    const back = this.#pump(far, this.near, () => this.#writingAt = performance.now(), () => this.#writingAt = 0);
    // What the server ends is over, whatever the client still sends.
    await back;
    close(this.near);
    await forth;
  }

  async #pump(from: Deno.Conn, to: Deno.Conn, before: (piece: Uint8Array) => void, after: () => void): Promise<void> {
    const buffer = new Uint8Array(PIECE);
    try {
      while (true) {
        const count = await from.read(buffer);
        if (count === null) break;
        before(buffer.subarray(0, count));
        for (let at = 0; at < count;) at += await to.write(buffer.subarray(at, count));
        after();
      }
      await to.closeWrite();
    } catch {
      close(from);
      close(to);
    }
  }

  /** Cuts it, as nobody is there to answer. */
  lose(why: unknown): void {
    this.lost = why;
    this.cut();
  }

  cut(): void {
    this.#gone.abort(LEFT);
    close(this.near);
  }
}

/**
 * Stands between clients and the runtime's server, which waits for the head of a request as long as a client likes. Bytes are
 * passed on as they are; who is slow is cut off, and nobody has all connections.
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
    readonly behind: Backend,
    readonly options: {
      readonly limits: FrontLimits;
      readonly isTrusted: (address: string) => boolean;
      readonly onCut: (why: Cut) => void;
    },
  ) {
    const { headMs, idleMs, readMs } = options.limits;
    this.#timer = setInterval(() => this.#look(), Math.min(500, Math.min(headMs, idleMs, readMs) / 4));
    void this.#accept();
  }

  /** Takes nothing new. */
  stop(): void {
    close(this.listener);
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
        await new Promise((resolve) => setTimeout(resolve, 50)); // No file is free: some end by themselves.
      }
    }
  }

  async #serve(near: Deno.Conn): Promise<void> {
    const remote = near.remoteAddr;
    const address = remote.transport === "tcp" ? remote.hostname : "unix";
    const connection = new Connection(address, groupOf(address), near);
    connection.isKnown = this.options.isTrusted(address);
    if (!this.#hasRoom(connection)) {
      this.options.onCut("too-many");
      return close(near);
    }
    this.#connections.add(connection);
    let way: Way | undefined;
    try {
      way = await this.behind.connect(connection);
      if (remote.transport === "tcp") (near as Deno.TcpConn).setNoDelay?.(true);
      await connection.relay(way.far);
    } catch (error) {
      // The server stops, or no file is free.
      this.#shrink(error);
    } finally {
      this.#shrink(connection.lost);
      close(near);
      if (way !== undefined) close(way.far);
      way?.leave();
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

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, at) => bytes[at] === letter.charCodeAt(0));
}

function close(one: { close(): void }): void {
  try {
    one.close();
  } catch {
    // It is closed.
  }
}
