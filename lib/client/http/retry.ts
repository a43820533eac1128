import { BusyError, isTransient } from "../../base/errors.ts";
import { pause } from "../../base/time.ts";
import { NoAnswerError } from "./exchange.ts";

/** Times that something is asked again by default. */
export const RETRIES = 3;

/** Times that a request waits for its turn where it has to be slower (429), and where the server is busy (503). */
const MAX_WAITS = { slower: 60, busy: 5 } as const;

/** Milliseconds to wait at least where it has to be slower, and at most where a busy server names no time. */
const [SLOWER_MS, MAX_BUSY_MS] = [1000, 5000];

/** Milliseconds that are waited at most because an answer says so, before the same is asked again. */
const MAX_RETRY_AFTER_MS = 30_000;

/**
 * Whether a server is too busy to answer now, because of too many requests at once or within a time. An answer that says
 * to come again much later, as after wrong tokens, is not waited for.
 */
export function isBusy(response: Response): boolean {
  const { status } = response;
  return (status === 503 || status === 429) && retryAfter(response) <= MAX_RETRY_AFTER_MS;
}

/** Milliseconds after which an answer wants to be asked again; 0 where it does not say. */
export function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get("retry-after") ?? 0);
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : 0;
}

/**
 * The one rule of when a request is sent again. All may be: one that was done already changes nothing.
 *
 * A broken connection and a wrong checksum: some times, each after a pause that is three times as long as the one before. A
 * server that says nothing: the same, unless it has never answered. One that is busy does nothing before it says so, and is
 * waited for besides, as long as it asks for.
 */
export class Retry {
  /** Whether the server has ever answered. */
  isReached = false;

  /** `pauseMs`: the first pause. */
  constructor(readonly pauseMs: number) {}

  /** Does something, and does it again where that may help. */
  async run<T>(
    work: () => Promise<T>,
    options: { readonly signal?: AbortSignal; readonly retries?: number } = {},
  ): Promise<T> {
    for (let tries = 0;; tries++) {
      try {
        return await work();
      } catch (error) {
        await this.backOff(error, tries, options);
      }
    }
  }

  /** Waits before another try. Throws the error where none would help, or there were enough. */
  async backOff(
    error: unknown,
    tries: number,
    { signal, retries = RETRIES }: { readonly signal?: AbortSignal; readonly retries?: number } = {},
  ): Promise<void> {
    if (signal?.aborted) throw signal.reason;
    // A server that was busy was waited for.
    const mayHelp = isTransient(error) && !(error instanceof BusyError) &&
      !(error instanceof NoAnswerError && !this.isReached);
    if (!mayHelp || tries >= retries) throw error;
    await this.#wait(this.#pause(tries), signal);
  }

  /** Waits for a server that is busy. Returns false where it was waited for often enough. */
  async awaitTurn(response: Response, waits: number, signal?: AbortSignal): Promise<boolean> {
    const isSlower = response.status === 429;
    if (waits >= (isSlower ? MAX_WAITS.slower : MAX_WAITS.busy)) return false;
    await response.body?.cancel();
    const own = isSlower ? SLOWER_MS : Math.min(MAX_BUSY_MS, this.#pause(waits));
    await this.#wait(Math.max(retryAfter(response), own), signal);
    return true;
  }

  #pause(tries: number): number {
    return this.pauseMs * 3 ** tries;
  }

  async #wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await pause(milliseconds, signal);
    signal?.throwIfAborted();
  }
}
