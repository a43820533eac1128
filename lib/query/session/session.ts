import type { Problem } from "../../repo/problems/problem.ts";
import { bindQuery } from "../bind/bind.ts";
import type { BoundQuery } from "../bind/bound.ts";
import { checkParts, checkSeries } from "../bind/check_data.ts";
import { bindParameters } from "../bind/parameters.ts";
import { runPlan } from "../columns/run.ts";
import { ColumnsResult } from "./columns_answer.ts";
import { planQuery } from "../plan/plan_query.ts";
import { planLines } from "../plan/plan_text.ts";
import { type Question, readQuestion } from "./question.ts";
import type { QueryResult, QueryValue } from "../result/answer.ts";
import { QueryError } from "../result/query_error.ts";
import type { Value } from "../values/value.ts";
import { runOrFallBack } from "./run_or_fall_back.ts";
import { reportBadLines, type Snapshot } from "../snapshot/snapshot.ts";
import { factsOf } from "./snapshot_needs.ts";
import { knownParts, knownSeries, knowsAllSeries } from "../tables/known_names.ts";
import type { Entities } from "../tables/entities/entities.ts";
import { SnapshotTables } from "../tables/snapshot_tables.ts";
import type { ScanReport } from "../plan/table_reader.ts";

/** Options of a query. */
export interface AskOptions {
  /** Values for `:name`, `@name` or `$name`. */
  readonly params?: Readonly<Record<string, QueryValue | boolean>>;
  readonly signal?: AbortSignal;
  /** Called for each line of a log that is not an event; the line is skipped. */
  readonly onProblem?: (problem: Problem) => void;
  /** Milliseconds since the Unix epoch, for how long ago things were. Default: now. */
  readonly now?: number;
  /** What runs it: `auto` is over columns where that can be, else SQLite. All give the same answer; for tests. */
  readonly executor?: "auto" | "columns" | "sqlite";
  /**
   * Whether series and data that were never logged are empty answers, not mistakes: they may come yet. Default false.
   */
  readonly awaitsSeries?: boolean;
  /** Everything that there is, where the view is of a part: a name that the part has not may be right. */
  readonly whole?: () => Promise<Snapshot>;
  /** Called by each operator for each batch; for tests. */
  readonly inject?: (operator: string) => void;
}

/** Options of a query that is bound already. */
interface AskBoundOptions extends AskOptions {
  /** What `explain` is to say beside what the query itself read. */
  readonly notes?: readonly string[];
  readonly located?: Question["located"];
}

/** Some repositories at a moment: every query of it sees the same. */
export class QuerySession {
  readonly tables: SnapshotTables;

  constructor(readonly snapshot: Snapshot, parts?: Entities["parts"]) {
    this.tables = new SnapshotTables(snapshot, parts);
  }

  /** Answers a `SELECT`; see `query`. */
  async query(sql: string, options: AskOptions = {}): Promise<QueryResult> {
    return await this.askQuestion(readQuestion(sql), options);
  }

  /** Answers a question. */
  async askQuestion({ tree, sql, located }: Question, options: AskOptions = {}): Promise<QueryResult> {
    const bound = bindQuery(tree, sql);
    return await this.ask(bound, bindParameters(bound, options.params ?? {}), { ...options, located });
  }

  /** Answers a query whose names are bound. */
  async ask(
    bound: BoundQuery,
    parameters: Readonly<Record<string, Value>>,
    options: AskBoundOptions = {},
  ): Promise<QueryResult> {
    const { executor = "auto", signal, notes = [], onProblem } = options;
    await checkNames(bound, this.snapshot, options);
    const readsLogs = bound.instances.some(({ source }) => source.kind === "table" && OF_LOGS.has(source.table.name));
    if (readsLogs && onProblem !== undefined) reportBadLines(this.snapshot.logs, onProblem);
    const names = bound.output.map(({ name }) => name);
    const showsNaN = bound.output.map((column) => column.showsNaN);
    const report: ScanReport = { rows: 0, bytes: 0 };
    const why: string[] = [];
    if (executor !== "sqlite") {
      const planned = planQuery(bound, parameters, factsOf(this.snapshot));
      if (planned.kind === "planned") {
        const batches = runPlan(planned.plan, this.tables, { signal, report, inject: options.inject });
        const held = await runOrFallBack(batches);
        if (held.kind === "batches") {
          const lines = ["executor: columns", ...notes, ...reportLines(report), ...planLines(planned.plan)];
          return new ColumnsResult(names, held.batches, showsNaN, lines, signal);
        }
        why.push(`not over columns: ${held.reason}`);
      } else why.push(`not over columns: ${planned.reason}, at character ${planned.start + 1}`);
      if (executor === "columns") throw new QueryError(`Cannot run the query ${why[0]}`, bound.sql);
    }
    // Most queries need nothing of this.
    const [{ runBySqlite }, { SqliteResult }] = await Promise.all([
      import("../sqlite/run.ts"),
      import("./sqlite_answer.ts"),
    ]);
    const rows = await runBySqlite(bound, parameters, this.tables, { signal, report });
    const lines = ["executor: sqlite", ...notes, ...why, ...reportLines(report)];
    return new SqliteResult(names, rows, showsNaN, lines, options.located);
  }
}

/** Fails at a name that nothing has. */
async function checkNames(
  bound: BoundQuery,
  snapshot: Snapshot,
  { awaitsSeries, whole }: AskBoundOptions,
): Promise<void> {
  try {
    const parts = knownParts(snapshot);
    checkParts(bound, awaitsSeries === true ? { ...parts, leaves: () => [] } : parts);
    if (awaitsSeries !== true && knowsAllSeries(snapshot)) checkSeries(bound, () => knownSeries(snapshot));
  } catch (error) {
    if (!(error instanceof QueryError) || whole === undefined) throw error;
    await checkNames(bound, await whole(), { awaitsSeries });
  }
}

const OF_LOGS = new Set(["points", "metrics", "events", "files"]);

function reportLines({ chosen, of, rows, bytes, unindexed = new Set() }: ScanReport): string[] {
  return [
    ...chosen === undefined ? [] : [`series: ${chosen} of ${of}`],
    `rows: ${rows} looked at`,
    ...bytes > 0 ? [`read: ${bytes} bytes of logs`] : [],
    ...Array.from(unindexed, (path) => `read: ${path}, which has too many series for the index`),
  ];
}
