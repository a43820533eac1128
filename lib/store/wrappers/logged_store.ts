import type { Store } from "../store.ts";
import { type StoreMethods, wrapStore } from "./wrap_store.ts";

/** A call of a store that has ended. */
export interface StoreCall {
  readonly method: keyof StoreMethods;
  /** The name that it was about; undefined for one about many, or all. */
  readonly name: string | undefined;
  readonly milliseconds: number;
  /** With which it failed, if it did. */
  readonly error?: unknown;
}

/** The methods that are logged: those that take the name of one file first, and the others that answer with a promise. */
const LOGGED = [
  ...["stat", "read", "stream", "create", "append", "remove"] as const,
  ...["prepare", "hashPrefixes", "writeMany", "setModifiedTimes", "hasNews", "collected"] as const,
] as const;

/** A store that reports each call when it has ended: how long it took, and whether it failed. Listings are not reported. */
export function withLog(store: Store, onCall: (call: StoreCall) => void): Store {
  const methods: Partial<Record<typeof LOGGED[number], unknown>> = {};
  for (const method of LOGGED) {
    const own = store[method] as ((...given: unknown[]) => Promise<unknown>) | undefined;
    if (own === undefined) continue;
    methods[method] = async (...given: unknown[]) => {
      const start = performance.now();
      const name = typeof given[0] === "string" ? given[0] : undefined;
      const end = () => ({ method, name, milliseconds: performance.now() - start });
      try {
        const result = await own.apply(store, given);
        onCall(end());
        return result;
      } catch (error) {
        onCall({ ...end(), error });
        throw error;
      }
    };
  }
  return wrapStore(store, methods as StoreMethods);
}
