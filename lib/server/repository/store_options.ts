import { classifyPath } from "../../format/layout/file_kind.ts";
import type { WriteGuard } from "../../store/write_guard.ts";
import type { BulkOptions } from "../../store/store.ts";
import type { Changes } from "../../live/folder_changes.ts";
import { checkRight } from "../access/access.ts";
import type { BulkWork } from "../listen/bulk_work.ts";
import type { Inventories } from "./inventories.ts";
import { HttpError } from "../http/http_error.ts";
import type { Caller } from "../access/roles.ts";
import type { Writes } from "../writes/writes.ts";

/** How a repository is offered. */
export interface RouteOptions {
  /** Nothing may be written. */
  readonly readOnly?: boolean;
  /** Told of what a client is not told. */
  readonly onError?: (message: string) => void;
  /** Takes paths of this machine out of a message for the client. */
  readonly hide?: (message: string) => string;
  /** Told when something was written. */
  readonly onChange?: () => void;
  /** Tells of what anybody writes; without it nobody is kept waiting for news. */
  readonly changes?: Changes;
  /** Who may write what. Undefined: all who may ask may do all, as through a pipe. */
  readonly writes?: Writes;
  /** Where work in bulk waits for its turn, with that for other repositories. */
  readonly bulk?: BulkWork;
}

/** Who asks. */
export interface Asking {
  /** What they may do. Default: all. */
  readonly caller?: Caller;
  /** Requester the request is: work in bulk is bounded for each. Default: one for all. */
  readonly client?: string;
  /** Aborts when who asks has left. */
  readonly gone?: AbortSignal;
  /** Resolves when the answer is sent, or cut. Default: work in bulk is over when its answer begins. */
  readonly sent?: Promise<void>;
}

/** Bytes of a body, and milliseconds in which some must come. */
export const BODY = { bytes: 16 * 1024 * 1024, idleTimeoutMs: 30_000 };

/** The same, and who asks. */
export type Options = RouteOptions & {
  readonly caller: Caller;
  readonly client: string;
  readonly gone?: AbortSignal;
  readonly sent?: Promise<void>;
  readonly bulk: BulkWork;
  readonly inventories: Inventories;
  /** Refuses a name that leads out of the repository by a link. */
  readonly inside: (name: string) => void;
};

/** Work in bulk for who asks. */
export function inTurn(
  { bulk, client, gone, sent }: Options,
  work: (how: Required<BulkOptions>) => Promise<Response>,
): Promise<Response> {
  return bulk.run({ client, gone, sent }, (pace, signal) => work({ pace, signal }));
}

/** Refuses whoever may not write. */
export function checkWritable({ readOnly, caller }: Options): void {
  if (readOnly) throw new HttpError(403, "it is read-only");
  checkRight(caller, "write");
}

/** What decides over what somebody writes. */
export function guardOf({ writes, caller }: Options): WriteGuard | undefined {
  // Where nobody decides over single writes, only those write who may write all.
  if (writes === undefined) checkRight(caller, "others");
  return writes?.guard(caller);
}

/** Refuses a request that is not as it must be. */
export function fail(why: string): never {
  throw new HttpError(400, why);
}

/** The name of a file of a repository. */
export function nameOf(value: unknown, { inside }: Options): string {
  if (typeof value !== "string" || classifyPath(value) === undefined) {
    return fail("not the name of a file that belongs in a repository");
  }
  inside(value);
  return value;
}

/** A whole number from 0. */
export function countOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0
    ? value as number
    : fail("expected a non-negative integer");
}

/** Milliseconds since the Unix epoch; before it there are files too. */
export function timeOf(value: unknown): number {
  return Number.isSafeInteger(value) ? value as number : fail("expected a time in milliseconds");
}
