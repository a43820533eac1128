import { HttpError } from "../http/http_error.ts";
import { Dialogue } from "./dialogue.ts";
import { isPlainHead, type QuickAnswers, textOf } from "./quick_answers.ts";
import type { BackendLink, ClientConnection, Cut, FrontLimits, QuickAnswer } from "./types.ts";

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
  readonly #dialogue = new Dialogue();
  #isLinked = false;
  #isEnding = false;

  /**
   * `address`: without a port; `unix` for a socket in the file system. `quick`: what may be answered here, without the
   * runtime's server.
   */
  constructor(
    readonly address: string,
    readonly group: string,
    readonly near: Deno.Conn,
    readonly quick?: QuickAnswers,
  ) {}

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

  /** A request was answered at once, by what may answer it the next time, too. */
  passed(answer: QuickAnswer, path: string): void {
    this.#headIsThere(false);
    this.#idleAt = performance.now();
    if (this.#dialogue.head !== undefined) this.quick?.learn(this.#dialogue.head, answer, path);
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

  /** Answers what it can, and passes other bytes both ways, until both sides have ended. `connect`: a way to the server. */
  async relay(connect: () => Promise<BackendLink>): Promise<void> {
    let back: Promise<void> | undefined;
    let far: Deno.Conn | undefined;
    const buffer = new Uint8Array(PIECE);
    try {
      while (!this.#isEnding) {
        const count = await this.near.read(buffer);
        if (count === null) break;
        const piece = buffer.subarray(0, count);
        const text = this.quick !== undefined && this.#dialogue.isBetween ? textOf(piece) : undefined;
        const answer = text === undefined ? undefined : this.quick!.to(text, this.address);
        if (answer !== undefined) {
          await this.#answer(answer);
          continue;
        }
        this.#came(piece);
        this.#dialogue.asked(text !== undefined && isPlainHead(text) ? text : undefined);
        if (far === undefined) {
          this.#isLinked = true;
          far = (await connect()).far;
          back = this.#passBack(far);
        }
        await writeAll(far, piece);
      }
      await far?.closeWrite();
    } catch (error) {
      if (this.#isLinked && far === undefined) throw error;
      close(this.near);
      if (far !== undefined) close(far);
    } finally {
      this.#gone.abort(LEFT);
    }
    await back;
  }

  /** Passes on what the server says. What it ends is over, whatever the client still sends. */
  async #passBack(far: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(PIECE);
    try {
      for (let count = await far.read(buffer); count !== null; count = await far.read(buffer)) {
        const piece = buffer.subarray(0, count);
        await this.#write(piece);
        this.#dialogue.answered(piece);
      }
      await this.near.closeWrite();
    } catch {
      close(far);
    } finally {
      close(this.near);
    }
  }

  /** Answers a request of somebody who has a right to ask. */
  async #answer(bytes: Uint8Array): Promise<void> {
    this.#asked = this.isKnown = true;
    await this.#write(bytes);
    this.#idleAt = performance.now();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#writingAt = performance.now();
    await writeAll(this.near, bytes);
    this.#writingAt = 0;
  }

  /** The server stops: a connection that it does not know ends here. */
  endUnlinked(): void {
    this.#isEnding = !this.#isLinked;
    if (this.#isEnding && this.#writingAt === 0) this.cut();
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

async function writeAll(to: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(at === 0 ? bytes : bytes.subarray(at));
}

/** Closes what may be closed already. */
export function close(one: { close(): void }): void {
  try {
    one.close();
  } catch {
    // It is closed.
  }
}
