import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Json, JsonObject } from "../base/json.ts";
import type { LogEvent } from "../format/event.ts";
import { seriesOf } from "../format/series.ts";
import { isExpfile, isRefFile } from "../format/specials.ts";
import { lastPart } from "../index/series_name.ts";
import { addToSummaries, type SeriesSummary } from "../index/series_summary.ts";
import type { Experiment } from "../repo/experiment.ts";
import type { Problem } from "../repo/problem.ts";
import type { Repository } from "../repo/repository.ts";
import type { Run } from "../repo/run.ts";
import { type Cell, cellOf, dig, finiteOrInfinite } from "./cell.ts";
import type { DottedColumn, ReadQuery } from "./read_query.ts";
import { tableOf } from "./schema.ts";

/** What was read to answer a query. */
export interface Loaded {
  experiments: number;
  logs: number;
  bytes: number;
  /** Rows, by table. */
  readonly rows: Map<string, number>;
  /** The dotted columns that some row has. */
  readonly found: Set<string>;
  /** Names that could have been meant, by family. */
  readonly known: Map<string, Set<string>>;
  /** The keys of the series that were met, whole and their last parts. */
  readonly series: Set<string>;
  readonly keys: Set<string>;
}

/** How to read. */
export interface LoadOptions {
  readonly now: number;
  /** Deleted experiments too. */
  readonly all?: boolean;
  readonly signal?: AbortSignal;
  readonly onProblem?: (problem: Problem) => void;
}

/** How many names are kept for suggestions. */
const MOST_KNOWN = 10_000;

/** Fills the tables that a query names, in a database that has none yet. */
export async function load(
  db: DatabaseSync,
  repository: Repository,
  query: ReadQuery,
  options: LoadOptions,
): Promise<Loaded> {
  const loader = new Loader(db, query, options);
  db.exec("BEGIN");
  for await (const experiment of repository.experiments({ signal: options.signal })) {
    await loader.experiment(experiment);
  }
  db.exec("COMMIT");
  return loader.loaded;
}

class Loader {
  readonly loaded: Loaded = {
    experiments: 0,
    logs: 0,
    bytes: 0,
    rows: new Map(),
    found: new Set(),
    known: new Map(),
    series: new Set(),
    keys: new Set(),
  };
  readonly #inserts = new Map<string, StatementSync>();
  readonly #dotted = new Map<string, readonly DottedColumn[]>();
  readonly #needs: ReadonlySet<string>;
  #nextLog = 0;
  #nextSeries = 0;

  constructor(readonly db: DatabaseSync, query: ReadQuery, readonly options: LoadOptions) {
    this.#needs = new Set(Array.from(query.tables, (table) => table.name));
    for (const { name, columns } of query.tables) {
      const unique = new Map(query.dotted.filter((item) => item.table.name === name).map((item) => [item.name, item]));
      const dotted = [...unique.values()];
      this.#dotted.set(name, dotted);
      const more = dotted.map((column) => quote(column.name));
      const typed = columns.map(([column, type]) => `${quote(column)} ${type}`);
      // What repeats in each row of the long tables is kept once; a view shows it in every row.
      if (name === "points") {
        db.exec(`CREATE TABLE _series (sid INTEGER PRIMARY KEY, exp, run, log, series, event, key);
          CREATE TABLE _points (sid INTEGER, idx INTEGER, step REAL, ts INTEGER, value REAL);
          CREATE VIEW points AS SELECT exp, run, log, series, event, key, idx, step, ts, value
            FROM _points JOIN _series USING (sid)`);
        this.#prepare("_series", 7);
        this.#prepare("_points", 5);
      } else if (name === "events") {
        const own = ["line INTEGER", "event TEXT", "ts INTEGER", "data TEXT", ...more];
        const shown = ["exp", "run", "log", "line", "_events.event", "ts", "data", ...more];
        db.exec(`CREATE TABLE _logs (lid INTEGER PRIMARY KEY, exp, run, log);
          CREATE TABLE _events (lid INTEGER, ${own.join(", ")});
          CREATE VIEW events AS SELECT ${shown.join(", ")} FROM _events JOIN _logs USING (lid)`);
        this.#prepare("_logs", 4);
        this.#prepare("_events", 1 + own.length);
      } else {
        db.exec(`CREATE TABLE ${name} (${[...typed, ...more].join(", ")})`);
        this.#prepare(name, columns.length + dotted.length);
      }
    }
  }

  #prepare(table: string, columns: number): void {
    const marks = Array(columns).fill("?").join(", ");
    this.#inserts.set(table, this.db.prepare(`INSERT INTO ${table} VALUES (${marks})`));
  }

  #insert(table: string, ...cells: Cell[]): void {
    this.#inserts.get(table)!.run(...cells);
    if (!table.startsWith("_")) this.#count(table);
  }

  #count(table: string, rows = 1): void {
    this.loaded.rows.set(table, (this.loaded.rows.get(table) ?? 0) + rows);
  }

  /** The cells of a table's dotted columns. */
  #parts(table: string, of: (family: string) => JsonObject | undefined): Cell[] {
    for (const family of tableOf(table)!.families) this.#know(family, of(family));
    return this.#dotted.get(table)!.map(({ name, family, path }) => {
      const value = dig(of(family), path);
      if (value !== undefined) this.loaded.found.add(name);
      return cellOf(value);
    });
  }

  #know(family: string, json: JsonObject | undefined, prefix = family, depth = 0): void {
    let known = this.loaded.known.get(family);
    if (known === undefined) this.loaded.known.set(family, known = new Set());
    for (const key of Object.keys(json ?? {})) {
      if (known.size >= MOST_KNOWN) return;
      known.add(`${prefix}.${key}`);
      const value = json![key];
      if (depth < 4 && typeof value === "object" && value !== null && !Array.isArray(value)) {
        this.#know(family, value as JsonObject, `${prefix}.${key}`, depth + 1);
      }
    }
  }

  async experiment(experiment: Experiment): Promise<void> {
    const { id, kind, name, createdAt, params, extra, version } = experiment;
    const { now, all } = this.options;
    const notes = await experiment.notes();
    if (notes.deleted && !all) return;
    this.loaded.experiments++;
    const runs = await experiment.runs();
    if (this.#needs.has("experiments")) {
      const status = (await experiment.latestStatus(now))?.status ?? "unknown";
      const tags = JSON.stringify(notes.tags);
      const parts = this.#parts("experiments", (family) => family === "params" ? params : extra);
      const cells = [
        id,
        id,
        kind,
        name,
        time(createdAt),
        status,
        runs.length,
        tags,
        json(params),
        json(extra),
        version,
      ];
      this.#insert("experiments", ...cells, ...parts);
    }
    if (this.#needs.has("notes")) await this.#notes(experiment);
    for (const run of runs) await this.#run(run);
  }

  async #notes(experiment: Experiment): Promise<void> {
    const words: Record<string, string> = { "dbx/note": "note", "dbx/delete": "delete", "dbx/restore": "restore" };
    for (const log of await experiment.noteLogs()) {
      for await (const { event, ts, data } of log.read(this.options)) {
        const what = event === "dbx/tag" ? (data.remove === true ? "untag" : "tag") : words[event] ?? event;
        this.#insert("notes", experiment.id, log.name, ts ?? null, what, cellOf(data.tag ?? data.text));
      }
    }
  }

  async #run(run: Run): Promise<void> {
    const exp = run.experiment.id;
    if (this.#needs.has("runs")) {
      const { cmd, pwd, script, hostname, env, git } = run.definition;
      const status = await run.status(this.options.now);
      const { startedAt, endedAt, durationMs, exitCode, signal } = status;
      const life = [startedAt, endedAt, durationMs, exitCode, signal].map((value) => value ?? null);
      const place = [cellOf(cmd), pwd ?? null, script ?? null, hostname ?? null, cellOf(env), cellOf(git)];
      const parts = this.#parts("runs", (family) => family === "env" ? env : git);
      this.#insert("runs", exp, run.id, time(run.createdAt), status.status, ...life, ...place, ...parts);
    }
    const wantsNumbers = this.#needs.has("points") || this.#needs.has("metrics");
    const scans = wantsNumbers || this.#needs.has("events") || this.#needs.has("files");
    if (!scans && !this.#needs.has("logs")) return;
    for (const name of await run.logs()) {
      const bytes = await run.log(name).size();
      if (this.#needs.has("logs")) this.#insert("logs", exp, run.id, name, bytes);
      if (!scans || (name === "stdout" && !this.#needs.has("events"))) continue;
      this.loaded.logs++;
      this.loaded.bytes += bytes;
      await this.#log(run, name, wantsNumbers && name !== "stdout");
    }
  }

  async #log(run: Run, log: string, wantsNumbers: boolean): Promise<void> {
    const exp = run.experiment.id;
    const lid = this.#nextLog++;
    const [events, files, points, metrics] = ["events", "files", "points", "metrics"].map((it) => this.#needs.has(it));
    if (events) this.#insert("_logs", lid, exp, run.id, log);
    const series = new Map<string, { sid: number; count: number }>();
    const summaries = new Map<string, SeriesSummary & { sum?: number; numbers?: number }>();
    const addPoint = points ? this.#inserts.get("_points")! : undefined;
    for await (const batch of run.log(log).batches(this.options)) {
      for (const event of batch) {
        if (events) this.#event(lid, event, event.line);
        if (files) this.#files([exp, run.id, log, event.ts ?? null], event);
        if (!wantsNumbers) continue;
        for (const point of seriesOf(event)) {
          let found = series.get(point.key);
          if (found === undefined) {
            series.set(point.key, found = { sid: this.#nextSeries++, count: 0 });
            const key = lastPart(point.key);
            this.loaded.series.add(point.key);
            this.loaded.keys.add(key);
            if (points) {
              const pattern = point.key.slice(0, point.key.length - key.length - 1);
              this.#insert("_series", found.sid, exp, run.id, log, point.key, pattern, key);
            }
          }
          const idx = found.count++;
          addPoint?.run(found.sid, idx, point.step ?? idx, event.ts ?? null, finiteOrInfinite(point.value));
          if (!metrics) continue;
          addToSummaries(summaries, point);
          if (Number.isNaN(point.value)) continue;
          const summary = summaries.get(point.key)!;
          summary.sum = (summary.sum ?? 0) + point.value;
          summary.numbers = (summary.numbers ?? 0) + 1;
        }
      }
    }
    if (points) this.#count("points", [...series.values()].reduce((sum, { count }) => sum + count, 0));
    if (metrics) { for (const summary of summaries.values()) this.#metric([exp, run.id, log], summary); }
  }

  #metric(place: Cell[], item: SeriesSummary & { sum?: number; numbers?: number }): void {
    const key = lastPart(item.key);
    const pattern = item.key.slice(0, item.key.length - key.length - 1);
    const mean = item.numbers === undefined ? NaN : item.sum! / item.numbers;
    const values = [item.first, item.last, item.min, item.max, mean].map(finiteOrInfinite);
    const steps = [item.firstStep, item.lastStep, item.minStep, item.maxStep];
    this.#insert("metrics", ...place, item.key, pattern, key, item.count, ...values, ...steps);
  }

  #event(lid: number, { event, ts, data }: LogEvent, line: number | undefined): void {
    const parts = this.#parts("events", () => data);
    this.#insert("_events", lid, line ?? null, event, ts ?? null, JSON.stringify(data), ...parts);
    this.#count("events");
  }

  #files(place: Cell[], { event, data }: LogEvent): void {
    const visit = (value: Json, depth: number, name?: string, size?: Json): void => {
      if (typeof value !== "object" || value === null || depth > 32) return;
      if (isExpfile(value)) {
        this.#insert("files", ...place, name ?? value.name, 1, value.sha256, cellOf(size), null, null);
      } else if (isRefFile(value)) {
        this.#insert("files", ...place, name ?? value.path, 0, value.sha256, cellOf(size), value.path, value.hostname);
      } else for (const item of Object.values(value)) visit(item, depth + 1);
    };
    if (event === "dbx/file" && data.file !== undefined) {
      visit(data.file, 0, typeof data.name === "string" ? data.name : undefined, data.size);
    } else visit(data, 0);
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function time(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function json(value: JsonObject): string {
  return JSON.stringify(value);
}
