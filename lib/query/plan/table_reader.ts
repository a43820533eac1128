import type { Problem } from "../../repo/problems/problem.ts";
import type { Batch } from "../vectors/vector.ts";
import type { ScanPlan } from "./plan.ts";

/** What a scan looked at. */
export interface ScanReport {
  /** Series, or logs, that the conditions chose, of how many; undefined where there is no such thing. */
  chosen?: number;
  of?: number;
  /** Rows (points, events) that were looked at, and bytes of logs that were read beside the index. */
  rows: number;
  bytes: number;
  /** Logs that were read as a whole, as they have too many series for the index: their paths. */
  unindexed?: Set<string>;
}

/** How to read. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly report?: ScanReport;
  /** Called for each line that is not an event, in logs that are read beside the index; the line is skipped. */
  readonly onProblem?: (problem: Problem) => void;
}

/**
 * Gives the rows of the tables, for the column executor as for the tables that SQLite is given: so both see the same.
 *
 * Batches meet `where` of the plan wholly. What SQLite loads is the same scan without `top`.
 */
export interface TableReader {
  /**
   * The same text as long as all scans give the same rows: what was loaded for one query may then serve another. Undefined:
   * nothing may be kept.
   */
  readonly identity?: string;
  scan(plan: ScanPlan, options: ReadOptions): AsyncIterable<Batch>;
}
