import { HttpError } from "../http/http_error.ts";
import type { Caller } from "./roles.ts";

/** What a request may do, and whose it is. */
export interface Grant extends Caller {
  /** The SHA-256 of the token, in hexadecimal; empty where none is asked for. */
  readonly token: string;
  /** Aborts, with a refusal as its reason, within a second of the token being removed. Undefined: it cannot be. */
  readonly signal?: AbortSignal;
}

/** Milliseconds between two looks at whether tokens are still there. */
const LOOK_MS = 250;

/** What was granted to tokens that can be removed: one that is removed, or gets another role, loses what is under way. */
export class Grants implements Disposable {
  readonly #granted = new Map<
    string,
    { readonly grant: Grant; readonly isGood: () => boolean; end: AbortController }
  >();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** The grant of a key, made if there is none yet. `isGood`: whether it still holds. */
  of(key: string, grant: Omit<Grant, "signal">, isGood: () => boolean): Grant {
    const known = this.#granted.get(key);
    // It may be called otherwise by now, and have other limits.
    if (known !== undefined && known.grant.role === grant.role) return { ...grant, signal: known.grant.signal };
    known?.end.abort(new HttpError(401, "the role of the token was changed"));
    const end = new AbortController();
    const made = { ...grant, signal: end.signal };
    this.#granted.set(key, { grant: made, isGood, end });
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#look(), LOOK_MS);
      Deno.unrefTimer(this.#timer as unknown as number);
    }
    return made;
  }

  #look(): void {
    for (const [key, { isGood, end }] of this.#granted) {
      if (isGood()) continue;
      this.#granted.delete(key);
      end.abort(new HttpError(401, "the token was removed"));
    }
    if (this.#granted.size === 0) this[Symbol.dispose]();
  }

  /** Nothing is looked at any more. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** The same stream, which breaks off when the signal aborts. */
export function until(
  signal: AbortSignal,
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  let stop: () => void;
  const done = () => signal.removeEventListener("abort", stop);
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      stop = () => {
        controller.error(signal.reason);
        reader.cancel(signal.reason).catch(() => {});
      };
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    },
    async pull(controller) {
      try {
        const { done: isOver, value } = await reader.read();
        if (signal.aborted) return;
        if (!isOver) return controller.enqueue(value);
        done();
        controller.close();
      } catch (error) {
        done();
        if (!signal.aborted) controller.error(error);
      }
    },
    async cancel(reason) {
      done();
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
