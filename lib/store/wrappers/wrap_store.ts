import type { BulkStore, Store } from "../store.ts";

/** The methods of a store; those that it lacks, its wrapper lacks too. */
const METHODS = [
  "list",
  "stat",
  "read",
  "stream",
  "create",
  "append",
  "remove",
  "look",
  "listNow",
  "readNow",
  "prepare",
  "listFiles",
  "hashPrefixes",
  "readMany",
  "writeMany",
  "setModifiedTimes",
  "hasNews",
  "collected",
  "purging",
] as const satisfies readonly (keyof Store)[];

/** What a wrapper may replace. */
export type StoreMethods = Partial<Pick<Store, typeof METHODS[number]>>;

/** A store that passes each call on to another one, but for the methods that are given: retry, rate limit and logging are such. */
export function wrapStore(store: BulkStore, methods: StoreMethods): BulkStore;
export function wrapStore<M extends StoreMethods>(store: Store, methods: M): Store & M;
export function wrapStore(store: Store, methods: StoreMethods): Store {
  const own = METHODS.flatMap((name) => store[name] === undefined ? [] : [[name, store[name].bind(store)]]);
  return { location: store.location, capabilities: store.capabilities, ...Object.fromEntries(own), ...methods };
}
