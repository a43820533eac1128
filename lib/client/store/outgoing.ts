import type { FileChunk, FileIssue, WriteReport } from "../../store/store.ts";
import { bodyOf, frameOf, pieces } from "../../protocol/frames.ts";

/** Bytes of one body, as they are sent and as they are kept. */
const BODY_BYTES = 4 * 1024 * 1024;
const BODY_KEPT = 32 * 1024 * 1024;

/** Bytes of one frame. Of a body that is cut the whole ones are kept, also where the program is killed and starts again. */
const FRAME_BYTES = 256 * 1024;

/** Bytes of a body, and of a frame, at least, however often the connection breaks. */
const MIN_BYTES = 64 * 1024;

/** So many bodies in a row that came through, and the next one may be longer again. */
const CALM = 8;

/** Sends one body of frames. `sent`: up to which byte each file goes in it, in the order in which they begin. */
export type SendBody = (
  body: Uint8Array<ArrayBuffer>,
  sent: readonly (readonly [name: string, end: number])[],
) => Promise<WriteReport>;

/** A part that waits, as a frame. */
interface Waiting {
  readonly part: FileChunk;
  /** What the first part of its file said of its size. */
  readonly size: number;
  readonly frame: Uint8Array<ArrayBuffer>;
}

/**
 * Parts on their way to a peer, in bodies of some MiB. Where the connection breaks, what follows goes in shorter ones, so that a
 * line that is cut again and again still lets something through each time.
 */
export class Outgoing {
  #waiting: Waiting[] = [];
  #held = 0;
  #kept = 0;
  #maxBytes = BODY_BYTES;
  #calm = 0;
  #files = 0;
  #bytes = 0;
  /** The file whose parts come, and what the first one said of its size. */
  #coming: { readonly name: string; readonly size: number } | undefined;
  readonly #setbacks: FileIssue[] = [];
  /** Files of which no more is sent. */
  readonly #lost = new Set<string>();

  /** `backOff`: waits before another try, or throws the error where none would help. */
  constructor(
    readonly send: SendBody,
    readonly backOff: (error: unknown, tries: number) => Promise<void>,
  ) {}

  async add(part: FileChunk): Promise<void> {
    if (this.#lost.has(part.name)) return;
    const { name, size } = this.#coming?.name === part.name ? this.#coming : part;
    this.#coming = part.end ? undefined : { name, size };
    for (const piece of pieces(part, Math.min(FRAME_BYTES, this.#maxBytes), size)) {
      const frame = frameOf(piece);
      this.#waiting.push({ part: piece, size, frame });
      this.#held += frame.length;
      this.#kept += piece.bytes.length;
      if (this.#held >= this.#maxBytes || this.#kept >= BODY_KEPT) await this.#flush();
    }
  }

  async finish(): Promise<WriteReport> {
    await this.#flush();
    return { files: this.#files, bytes: this.#bytes, setbacks: this.#setbacks };
  }

  /** Sends all that waits. */
  async #flush(): Promise<void> {
    for (let tries = 0; this.#waiting.length > 0;) {
      const body = this.#next();
      try {
        this.#took(await this.send(bodyOf(body.map(({ frame }) => frame)), endsOf(body)), body.length);
        tries = 0;
      } catch (error) {
        await this.backOff(error, tries++);
        this.#shrink();
      }
    }
    this.#held = this.#kept = 0;
  }

  /** The first frames that wait, as many as fit into a body; one in any case. */
  #next(): Waiting[] {
    let held = 0;
    let count = 0;
    for (; count < this.#waiting.length && (count === 0 || held < this.#maxBytes); count++) {
      held += this.#waiting[count].frame.length;
    }
    return this.#waiting.slice(0, count);
  }

  #took({ files, bytes, setbacks }: WriteReport, count: number): void {
    this.#files += files;
    this.#bytes += bytes;
    this.#setbacks.push(...setbacks);
    this.#waiting.splice(0, count);
    for (const { name } of setbacks) this.#lost.add(name);
    if (setbacks.length > 0) this.#waiting = this.#waiting.filter(({ part }) => !this.#lost.has(part.name));
    if (++this.#calm < CALM) return;
    this.#calm = 0;
    this.#maxBytes = Math.min(BODY_BYTES, this.#maxBytes * 2);
  }

  #shrink(): void {
    this.#calm = 0;
    this.#maxBytes = Math.max(MIN_BYTES, this.#maxBytes / 4);
    this.#waiting = this.#waiting.flatMap((one) =>
      one.part.bytes.length <= this.#maxBytes ? [one] : Array.from(
        pieces(one.part, this.#maxBytes, one.size),
        (part) => ({ part, size: one.size, frame: frameOf(part) }),
      )
    );
  }
}

function endsOf(body: readonly Waiting[]): [string, number][] {
  const ends = new Map<string, number>();
  for (const { part: { name, offset, bytes } } of body) ends.set(name, offset + bytes.length);
  return [...ends];
}
