/**
 * What one needs to write a store: a place of another kind that holds a repository, for `sync` and for all that reads. The
 * contract is {@linkcode Store}; {@linkcode STORE_CONTRACT} tests whether a store fulfils it.
 *
 * @example A store of one's own, its test, and a synchronisation with it
 * ```ts
 * import { openRepository, sync } from "../../mod.ts";
 * import { checkName, DbxError, MemoryStore, STORE_CONTRACT, withLog } from "./mod.ts";
 *
 * // The plainest store is one that changes another one: this one refuses large files.
 * class SmallStore extends MemoryStore {
 *   override async create(name: string, data: Uint8Array | ReadableStream<Uint8Array>): Promise<void> {
 *     checkName(name);
 *     const bytes = new Uint8Array(await new Response(data as BodyInit).arrayBuffer());
 *     if (bytes.length > 10_000_000) throw new DbxError(`Cannot store "${name}": it is too large`);
 *     await super.create(name, bytes);
 *   }
 * }
 * for (const { run } of STORE_CONTRACT) await run(new SmallStore());
 *
 * const repo = await openRepository(await Deno.makeTempDir(), { create: true });
 * await repo.experiment({ kind: "demo" });
 * const calls: string[] = [];
 * const store = withLog(new SmallStore(), ({ method }) => calls.push(method));
 * const { sent } = await sync(repo.location, store, { direction: "push" });
 * if (sent.experiments !== 1 || !calls.includes("create")) throw new Error(`${sent.experiments}, ${calls}`);
 * await Deno.remove(repo.location, { recursive: true });
 * ```
 *
 * @module
 */
import { BULK_OBLIGATIONS } from "./contract/bulk.ts";
import { FILE_OBLIGATIONS } from "./contract/files.ts";
import type { Obligation } from "./contract/obligation.ts";

/** The contract. */
export type * from "./store.ts";
export type { Obligation };

/** Each obligation of a store, to be run with a fresh, empty one: it throws where the store does not fulfil it. */
export const STORE_CONTRACT: readonly Obligation[] = [...FILE_OBLIGATIONS, ...BULK_OBLIGATIONS];

/** Errors that the contract names. */
export {
  AlreadyExistsError,
  DamageError,
  DbxError,
  GarbledError,
  NotFoundError,
  UnreachableError,
  UsageError,
} from "../base/errors.ts";

/** Stores: in memory, and in a folder of this machine. */
export { LocalStore } from "./local/local_store.ts";
export type { LocalStoreOptions } from "./local/local_store_options.ts";
export { MemoryStore } from "./memory_store.ts";

/** Wrappers round any store. */
export { withBulkFallback } from "./bulk_fallback.ts";
export { type StoreCall, withLog } from "./wrappers/logged_store.ts";
export { withProgress } from "./wrappers/progress_store.ts";
export { withRateLimit } from "./wrappers/rate_limited_store.ts";
export { type RetryOptions, withRetry } from "./wrappers/retrying_store.ts";
export { type StoreMethods, wrapStore } from "./wrappers/wrap_store.ts";

/** Names. */
export { classifyPath, type FileKind } from "../format/layout/file_kind.ts";
export { checkName } from "./names.ts";
