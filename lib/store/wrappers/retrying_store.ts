import { isTransient } from "../../base/errors.ts";
import { pause } from "../../base/time.ts";
import type { Store } from "../store.ts";
import { wrapStore } from "./wrap_store.ts";

/** When a call is made again. */
export interface RetryOptions {
  /** Times that it is made again at most. Default 3. */
  readonly retries?: number;
  /** Milliseconds to wait before the second try; each further wait is three times as long. Default 500. */
  readonly pauseMs?: number;
  /** Whether another try may help. Default: after an `UnreachableError` and a `GarbledError`. */
  readonly isTransient?: (error: unknown) => boolean;
}

/**
 * A store that makes a call again that failed for now. All calls may be repeated but `create`, after which an `AlreadyExistsError`
 * may mean the own first try, and those that hand on what they read as it comes: a synchronisation repeats these.
 */
export function withRetry(store: Store, options: RetryOptions = {}): Store {
  const { retries = 3, pauseMs = 500 } = options;
  const again = async <T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    for (let tries = 0;; tries++) {
      try {
        return await call();
      } catch (error) {
        if (tries >= retries || !(options.isTransient ?? isTransient)(error)) throw error;
        await pause(pauseMs * 3 ** tries, signal);
        signal?.throwIfAborted();
      }
    }
  };
  const { hashPrefixes, setModifiedTimes, collected } = store;
  return wrapStore(store, {
    async *list(folder, options) {
      yield* await again(() => Array.fromAsync(store.list(folder, options)), options?.signal);
    },
    stat: (name) => again(() => store.stat(name)),
    read: (name, options) => again(() => store.read(name, options)),
    stream: (name, options) => again(() => store.stream(name, options)),
    append: (name, offset, data, options) => again(() => store.append(name, offset, data, options)),
    remove: (name) => again(() => store.remove(name)),
    ...hashPrefixes && {
      hashPrefixes: (prefixes, options) => again(() => hashPrefixes.call(store, prefixes, options), options?.signal),
    },
    ...setModifiedTimes && {
      setModifiedTimes: (files, options) => again(() => setModifiedTimes.call(store, files, options), options?.signal),
    },
    ...collected && {
      collected: (objects, options) => again(() => collected.call(store, objects, options), options?.signal),
    },
  });
}
