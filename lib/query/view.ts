import { seriesOfLogs, type SeriesRow } from "../index/series_table.ts";
import { type LogRow, type Snapshot, type SnapshotNeeds, tellOfBadLines } from "./snapshot/snapshot.ts";
import { Breather } from "../base/breather.ts";
import type { Problem } from "../repo/problem.ts";
import { type Answer, type QueryValue, RowsAnswer } from "./result/answer.ts";
import { asWritten, explained, SqliteAnswer } from "./answer.ts";
import type { Cell } from "./result/cell.ts";
import { checkColumns, checkDataColumns, checkParameters, checkSeries } from "./check_names.ts";
import { openDatabase } from "./sqlite/database.ts";
import { type EventLog, eventLogsOf } from "./event_places.ts";
import { addFunctions } from "./sqlite/functions.ts";
import { allPoints, load, type LoadOptions } from "./loader.ts";
import { NotCovered, parseSelect } from "./parse_select.ts";
import { chooseSeries, type Scanned } from "./program.ts";
import { chosenPoints } from "./pushdown.ts";
import { type ReadQuery, readQuery } from "./read_query.ts";
import { SeriesColumns } from "./series_columns.ts";
import { planVector, type VectorPlan } from "./vector_plan.ts";
import { runGroups } from "./vector_groups.ts";
import { runScan } from "./vector_scan.ts";
import { VectorScope } from "./vector_scope.ts";

/** How to ask. */
export interface AskOptions {
  /** Values for `:name`, `@name` or `$name`. */
  readonly params?: Readonly<Record<string, QueryValue | boolean>>;
  readonly signal?: AbortSignal;
  /** Told of each line of a log that is no event; the line is passed over. */
  readonly onProblem?: (problem: Problem) => void;
  /** `sqlite`: never over columns. Both give the same answer; for tests. */
  readonly executor?: "auto" | "sqlite";
  /** What `explain` is to say beside what the query itself read. */
  readonly said?: readonly string[];
}

/** What a query needs to know of repositories. */
export function needsOf(read: ReadQuery): SnapshotNeeds {
  const has = (...tables: readonly string[]) => [...read.tables].some((table) => tables.includes(table.name));
  const words = new Set(read.tokens.map((token) => token.value.toLowerCase()));
  const mayAsk = (...columns: readonly string[]) =>
    words.has("natural") || read.tokens.some((token, at) => token.raw === "*" && read.tokens[at - 1]?.raw !== "(") ||
    columns.some((column) => words.has(column));
  const life = mayAsk("status", "started_at", "ended_at", "duration_ms", "exit_code", "signal", "lost_events");
  return {
    status: has("experiments") && life,
    runs: has("runs", "logs", "points", "metrics", "events", "files") || (has("experiments") && mayAsk("runs")),
    runStatus: has("runs") && life,
    logs: has("logs", "points", "metrics", "events", "files"),
    stdout: false,
    columns: has("points", "metrics") || (has("events") && words.has("event")),
    times: has("points", "events", "files") && mayAsk("ts"),
  };
}

/** Some repositories at a moment: every query of it sees the same. */
export class View {
  #columns: SeriesColumns | undefined;
  #series: { readonly rows: SeriesRow[]; readonly left: LogRow[] } | undefined;

  constructor(readonly snapshot: Snapshot) {}

  /** Every series, and the logs that have too many of them for the index. */
  get allSeries(): { readonly rows: readonly SeriesRow[]; readonly left: readonly LogRow[] } {
    return this.#series ??= seriesOfLogs(this.snapshot.logs);
  }

  /** Answers a `SELECT`; see `query`. */
  async query(sql: string, options: AskOptions = {}): Promise<Answer> {
    return await this.ask(readQuery(sql), options);
  }

  /** Answers a query that was read. */
  async ask(read: ReadQuery, options: AskOptions = {}): Promise<Answer> {
    const params = bindings(options.params ?? {});
    checkParameters(read, params);
    checkColumns(read, this.snapshot);
    const tables = new Set(Array.from(read.tables, (table) => table.name));
    const needsSeries = tables.has("points") || tables.has("metrics");
    const all = needsSeries ? this.allSeries : { rows: [], left: [] };
    if (all.left.length === 0) checkSeries(read, all.rows);
    if (needsSeries && options.onProblem !== undefined) tellOfBadLines(this.snapshot.logs, options.onProblem);
    const lines: string[] = [];
    let plan: VectorPlan | undefined;
    let chosen: readonly SeriesRow[] = all.rows;
    this.#columns ??= new SeriesColumns(this.allSeries.rows);
    if (needsSeries && options.executor !== "sqlite") {
      try {
        const breather = new Breather(options.signal);
        const select = parseSelect(read.rewritten);
        const scope = new VectorScope(select, read, params as Record<string, Cell | bigint>);
        const planned = planVector(select, scope, this.snapshot);
        const some = chooseSeries(planned, this.#columns.all);
        chosen = some.rows;
        plan = planned;
        const scanned: Scanned = { series: chosen.length, ofSeries: all.rows.length, points: 0 };
        if (plan.notGrouped !== undefined) throw new NotCovered(plan.notGrouped);
        if (all.left.length > 0) throw new NotCovered(`${all.left[0].file.path}, which has too many series`);
        const { columns, rows } = plan.grouping === undefined
          ? await runScan(plan, chosen, scanned, breather)
          : await runGroups(plan, some, scanned, breather);
        const names = columns.map((name) => asWritten(name, read));
        const said = ["executor: columns", ...options.said ?? [], ...scannedLines(scanned)];
        return new RowsAnswer(names, rows, said, options.signal);
      } catch (error) {
        if (!(error instanceof NotCovered)) throw error;
        lines.push(`not over columns alone: ${error.message}`);
      }
    }
    const logs = tables.has("events")
      ? this.#eventLogs(read, params, lines, options)
      : this.snapshot.logs.map((log) => ({ log }));
    return await this.#bySqlite(read, params, { plan, chosen, all, lines, logs }, options);
  }

  /** What a query of events can need of the logs. */
  #eventLogs(
    read: ReadQuery,
    params: Readonly<Record<string, QueryValue>>,
    lines: string[],
    { executor, onProblem }: AskOptions,
  ): readonly EventLog[] {
    const { logs } = this.snapshot;
    if (executor === "sqlite") return logs.map((log) => ({ log }));
    try {
      const select = parseSelect(read.rewritten);
      const scope = new VectorScope(select, read, params as Record<string, Cell | bigint>);
      const chosen = eventLogsOf(planVector(select, scope, this.snapshot), logs, onProblem);
      const parts = chosen.filter(({ places }) => places !== undefined).length;
      lines.push(
        `logs: ${chosen.length} of ${logs.length}${parts > 0 ? `, of ${parts} the lines of some events` : ""}`,
      );
      return chosen;
    } catch (error) {
      if (!(error instanceof NotCovered)) throw error;
      lines.push(`logs: all, ${error.message}`);
      return logs.map((log) => ({ log }));
    }
  }

  async #bySqlite(
    read: ReadQuery,
    params: Readonly<Record<string, QueryValue>>,
    { plan, chosen, all, lines, logs }: {
      readonly plan: VectorPlan | undefined;
      readonly chosen: readonly SeriesRow[];
      readonly all: { readonly rows: readonly SeriesRow[]; readonly left: readonly LogRow[] };
      readonly lines: readonly string[];
      readonly logs: readonly EventLog[];
    },
    options: AskOptions,
  ): Promise<Answer> {
    const db = openDatabase();
    try {
      addFunctions(db);
      const scanned: Scanned = { series: chosen.length, ofSeries: all.rows.length, points: 0 };
      let rows: LoadOptions["points"] = (names) => allPoints(chosen, names);
      if (plan?.scope.fact === "points") rows = (names) => chosenPoints(plan, chosen, names, scanned);
      const loaded = await load(db, read, {
        snapshot: this.snapshot,
        logs,
        series: chosen,
        left: all.left,
        points: rows,
        signal: options.signal,
        onProblem: options.onProblem,
      });
      checkDataColumns(read, loaded.found, loaded.known);
      db.exec("PRAGMA query_only = 1");
      const said = [
        "executor: sqlite, over tables in memory",
        ...options.said ?? [],
        ...lines,
        ...all.rows.length > 0 ? scannedLines(scanned) : [],
        ...loaded.logs > 0 ? [`read: ${loaded.logs} logs of ${loaded.bytes} bytes`] : [],
        ...Array.from(loaded.rows, ([table, count]) => `table: ${table}, ${count} rows`),
      ];
      return new SqliteAnswer(db, db.prepare(read.rewritten), read, params, said, options.signal);
    } catch (error) {
      db.close();
      throw explained(error, read);
    }
  }
}

function scannedLines({ series, ofSeries, points }: Scanned): string[] {
  return [`series: ${series} of ${ofSeries}`, `points: ${points === 0 ? "none, statistics of series" : points}`];
}

function bindings(params: Readonly<Record<string, QueryValue | boolean>>): Record<string, QueryValue> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === "boolean" ? Number(value) : value]),
  );
}
