import type { CurveSelector } from "../../query/curves/curve.ts";
import type { ListRequest } from "../../query/list/list.ts";
import type { QueryInput } from "../../query/list/shorthand.ts";
import type { QueryValue } from "../../query/result/answer.ts";
import type { RowsFormat } from "../../base/rows/rows_text.ts";
import type { ErrorJson } from "../../protocol/error_json.ts";

/** A repository as a query worker opens it. */
export interface QueriedRepository {
  /** What it is called in answers. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** The absolute folder for what is derived from it; memory only without one. */
  readonly folder?: string;
}

/** What may be asked of a query worker. */
export type PoolRequest =
  | {
    readonly type: "query";
    readonly asked: QueryInput;
    readonly params?: Readonly<Record<string, QueryValue | boolean>>;
    readonly all?: boolean;
    /** `rows`: exactly, for another dbx; see `lib/docs/API.md`. */
    readonly format: RowsFormat | "rows";
    /** In csv and tsv no text begins a formula of a spreadsheet. */
    readonly safe?: boolean;
    /** How it ran, as text, instead of rows. */
    readonly explain?: boolean;
    /** Whether a series that was not logged yet may still come. */
    readonly awaitsSeries?: boolean;
  }
  | { readonly type: "series"; readonly selector: CurveSelector; readonly all?: boolean }
  | { readonly type: "list"; readonly request: ListRequest }
  | { readonly type: "schema" };

/** What one question may use. */
export interface AskLimits {
  /** Milliseconds, from when the logs' news are read. */
  readonly ms: number;
  readonly rows: number;
  /** Of the answer. */
  readonly bytes: number;
}

/** A message to a worker. */
export type WorkerRequest =
  | { readonly kind: "open"; readonly repositories: readonly QueriedRepository[] }
  | {
    readonly kind: "ask";
    readonly id: number;
    /** Which repositories, by their places, and what they are called in this answer. */
    readonly of: readonly { readonly at: number; readonly name: string }[];
    readonly question: PoolRequest;
    readonly limits: AskLimits;
    /** In a thread: one 32-bit number in shared memory, not 0 once no client waits for the answer. */
    readonly stop?: SharedArrayBuffer;
  }
  | { readonly kind: "more"; readonly id: number }
  | { readonly kind: "stop"; readonly id: number };

/** A message from a worker. */
export type WorkerReply =
  | { readonly kind: "ready" }
  /** The clock of a question runs. */
  | { readonly kind: "started"; readonly id: number }
  | { readonly kind: "piece"; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "end"; readonly id: number }
  | { readonly kind: "error"; readonly id: number; readonly error: ErrorJson; readonly unexpected?: string };

/** Pieces that a worker sends before it waits for a word. */
export const WINDOW = 4;
