import { HttpError } from "../http/http_error.ts";
import type { ClientConnection, Cut, FrontLimits } from "./types.ts";

/** How the head of a request ends. */
const HEAD_END = [13, 10, 13, 10];

/** Bytes that are passed on at once. */
const PIECE = 64 * 1024;

/** Why work for a client ends: no client will see it. */
const LEFT = new HttpError(408, "the client closed the connection");

/** One connection of a client. */
export class Connection implements ClientConnection {
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

  /** Cuts it, because there is no client left to answer. */
  lose(why: unknown): void {
    this.lost = why;
    this.cut();
  }

  cut(): void {
    this.#gone.abort(LEFT);
    close(this.near);
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, at) => bytes[at] === letter.charCodeAt(0));
}

/** Closes what may be closed already. */
export function close(one: { close(): void }): void {
  try {
    one.close();
  } catch {
    // It is closed.
  }
}
