import { Breather } from "../base/breather.ts";
import type { Json, JsonObject } from "../base/json.ts";
import type { LogEvent } from "../format/event.ts";
import { patternOf, seriesOf } from "../format/series.ts";
import { isExpfile, isRefFile } from "../format/specials.ts";
import { columnsOf, type PointColumn, type SeriesRow } from "../index/series_table.ts";
import type { ExperimentRow, LogRow, Snapshot } from "./snapshot/snapshot.ts";
import type { LinePlace, ReadEvent } from "../repo/log_reader.ts";
import type { Problem } from "../repo/problem.ts";
import { BulkInsert } from "./sqlite/bulk_insert.ts";
import { type Cell, cellOf, dig, finiteOrInfinite } from "./result/cell.ts";
import type { SqlDatabase } from "./sqlite/database.ts";
import type { EventLog } from "./event_places.ts";
import { quoteName } from "./sql/quote.ts";
import type { DottedColumn, ReadQuery } from "./read_query.ts";
import { experimentCell, logCell, runCell, seriesCell } from "./tables/row_cells.ts";
import { type ColumnSpec, tableOf } from "./tables/schema.ts";

/** What was put into tables, and read for it. */
export interface Loaded {
  /** Logs and their bytes that were read beside the index. */
  logs: number;
  bytes: number;
  /** Rows, by table. */
  readonly rows: Map<string, number>;
  /** The parts of events' data that some event has, and what else could have been meant. */
  readonly found: Set<string>;
  readonly known: Set<string>;
}

/** Some points of a series, column by column; a column that nothing asks for is not there. */
export interface PointChunk {
  readonly row: SeriesRow;
  readonly count: number;
  readonly columns: Readonly<Partial<Record<PointColumn, Float64Array>>>;
}

/** What to put into the tables. */
export interface LoadOptions {
  readonly snapshot: Snapshot;
  /** Every log, or those whose events the query can need. */
  readonly logs: readonly EventLog[];
  /** Every series, or those that the query can need. */
  readonly series: readonly SeriesRow[];
  /** Logs that the index left out, whose points are read from them. */
  readonly left: readonly LogRow[];
  /** The points that the query can need. */
  readonly points: (columns: readonly PointColumn[]) => Iterable<PointChunk>;
  readonly signal?: AbortSignal;
  readonly onProblem?: (problem: Problem) => void;
}

/** How many names are kept for suggestions. */
const MOST_KNOWN = 10_000;

const POINT_COLUMNS: readonly PointColumn[] = ["idx", "step", "ts", "value"];

/** Every point of some series. */
export function* allPoints(rows: readonly SeriesRow[], names: readonly PointColumn[]): Generator<PointChunk> {
  for (const row of rows) {
    for (const { count, columns } of columnsOf(row, names)) {
      yield { row, count, columns: Object.fromEntries(names.map((name, at) => [name, columns[at]])) };
    }
  }
}

/** Fills the tables that a query names, with the columns that it can need, in a database that has none yet. */
export async function load(db: SqlDatabase, query: ReadQuery, options: LoadOptions): Promise<Loaded> {
  const loader = new Loader(db, query, options);
  db.exec("PRAGMA journal_mode = OFF; BEGIN");
  await loader.load();
  db.exec("COMMIT");
  return loader.loaded;
}

class Loader {
  readonly loaded: Loaded = { logs: 0, bytes: 0, rows: new Map(), found: new Set(), known: new Set() };
  readonly #tables: ReadonlySet<string>;
  readonly #words: ReadonlySet<string>;
  /** The whole row may be asked for. */
  readonly #hasStar: boolean;

  constructor(readonly db: SqlDatabase, readonly query: ReadQuery, readonly options: LoadOptions) {
    this.#tables = new Set(Array.from(query.tables, (table) => table.name));
    this.#words = new Set(query.tokens.map((token) => token.value.toLowerCase()));
    this.#hasStar = query.tokens.some((token, at) => {
      const before = query.tokens[at - 1]?.raw.toUpperCase();
      return token.raw === "*" && ["SELECT", "DISTINCT", "ALL", ",", "."].includes(before ?? "");
    }) || this.#words.has("natural");
  }

  async load(): Promise<void> {
    const { snapshot, series, signal } = this.options;
    if (this.#tables.has("experiments")) {
      this.#fill("experiments", snapshot.experiments, (column, path) => experimentCell(column, path));
    }
    if (this.#tables.has("runs")) this.#fill("runs", snapshot.runs, (column, path) => runCell(column, path));
    if (this.#tables.has("logs")) this.#fill("logs", snapshot.logs, logCell);
    if (this.#tables.has("metrics")) {
      const rows = [...series];
      for (const log of this.options.left) rows.push(...await this.#seriesOfLog(log));
      this.#fill("metrics", rows, seriesCell);
    }
    if (this.#tables.has("points")) await this.#points();
    if (this.#tables.has("notes")) await this.#notes(snapshot.experiments);
    if (this.#tables.has("events") || this.#tables.has("files")) await this.#events();
    signal?.throwIfAborted();
  }

  #mayNeed(column: string): boolean {
    return this.#hasStar || this.#words.has(column);
  }

  /** Makes a table of the columns that the query can need. */
  #table(name: string): { insert: BulkInsert; columns: readonly ColumnSpec[]; dotted: readonly DottedColumn[] } {
    const { columns } = tableOf(name)!;
    const needed = columns.filter(([column]) => this.#mayNeed(column));
    const own = this.query.dotted.filter((column) => column.table.name === name);
    const dotted = [...new Map(own.map((column) => [column.name, column])).values()];
    // A query may need rows, and none of their columns.
    const used = needed.length + dotted.length === 0 ? columns.slice(0, 1) : needed;
    const definitions = [...used.map(([column, type]) => `${quoteName(column)} ${type}`)];
    definitions.push(...dotted.map((column) => quoteName(column.name)));
    this.db.exec(`CREATE TABLE ${name} (${definitions.join(", ")})`);
    return { insert: new BulkInsert(this.db, name, definitions.length), columns: used, dotted };
  }

  #fill<Row>(
    name: string,
    rows: readonly Row[],
    cell: (column: string, path?: readonly string[]) => (row: Row) => Cell,
  ): void {
    const table = this.#table(name);
    this.#rows(table, rows, cell);
    table.insert.flush();
    this.#count(name, table.insert);
  }

  #rows<Row>(
    { insert, columns, dotted }: {
      insert: BulkInsert;
      columns: readonly ColumnSpec[];
      dotted: readonly DottedColumn[];
    },
    rows: readonly Row[],
    cell: (column: string, path?: readonly string[]) => (row: Row) => Cell,
  ): void {
    const cells = columns.map(([column]) => cell(column));
    for (const { family, path } of dotted) cells.push(cell(family, path));
    for (const row of rows) insert.add(...cells.map((cell) => cell(row)));
  }

  #count(table: string, insert: { readonly rows: number } | undefined): void {
    if (insert !== undefined) this.loaded.rows.set(table, (this.loaded.rows.get(table) ?? 0) + insert.rows);
  }

  /** What repeats in each row is kept once; a view shows it in every row. */
  async #points(): Promise<void> {
    const names = POINT_COLUMNS.filter((name) => this.#mayNeed(name));
    const types = { idx: "INTEGER", step: "REAL", ts: "INTEGER", value: "REAL" };
    const shared = tableOf("points")!.columns.map(([name]) => name).filter((name) => !(name in types));
    const own = names.map((name) => `${name} ${types[name]}`);
    this.db.exec(`CREATE TABLE _series (sid INTEGER PRIMARY KEY, ${shared.map((name) => `${name} TEXT`).join(", ")});
      CREATE TABLE _points (${["sid INTEGER", ...own].join(", ")});
      CREATE VIEW points AS SELECT ${[...shared, ...names].join(", ")} FROM _points JOIN _series USING (sid)`);
    const series = new BulkInsert(this.db, "_series", 1 + shared.length);
    const points = new BulkInsert(this.db, "_points", 1 + names.length);
    const cells = shared.map(seriesCell);
    const ids = new Map<SeriesRow, number>();
    const breather = new Breather(this.options.signal);
    for (const { row, count, columns } of this.options.points(names)) {
      let id = ids.get(row);
      if (id === undefined) {
        ids.set(row, id = ids.size);
        series.add(id, ...cells.map((cell) => cell(row)));
      }
      const arrays = names.map((name) => columns[name]!);
      for (let i = 0; i < count; i++) points.add(id, ...arrays.map((array) => finiteOrInfinite(array[i])));
      if (breather.isDue) await breather.breathe();
    }
    for (const log of this.options.left) await this.#pointsOfLog(log, series, points, names);
    series.flush();
    points.flush();
    this.#count("points", points);
  }

  /** The points of a log that the index does not take. */
  async #pointsOfLog(
    log: LogRow,
    series: BulkInsert,
    points: BulkInsert,
    names: readonly PointColumn[],
  ): Promise<void> {
    const place = ["repo", "exp", "run", "log"].map((column) => logCell(column)(log));
    const known = new Map<string, { id: number; count: number }>();
    await this.#scan(log, (event) => {
      const { pattern } = patternOf(event.event);
      for (const { key, step, value } of seriesOf(event)) {
        let found = known.get(key);
        if (found === undefined) {
          known.set(key, found = { id: series.rows, count: 0 });
          series.add(found.id, ...place, key, pattern, key.slice(pattern.length + 1));
        }
        const idx = found.count++;
        const ts = event.ts ?? log.times?.at(event.offset) ?? null;
        const cells = { idx, step: step ?? idx, ts, value: finiteOrInfinite(value) };
        points.add(found.id, ...names.map((name) => cells[name]));
      }
    });
  }

  /** The series of a log that the index does not take. */
  async #seriesOfLog(log: LogRow): Promise<SeriesRow[]> {
    const rows = new Map<string, { -readonly [K in keyof SeriesRow]: SeriesRow[K] }>();
    await this.#scan(log, (event) => {
      const { pattern } = patternOf(event.event);
      for (const { key, step, value } of seriesOf(event)) {
        let row = rows.get(key);
        const at = step ?? row?.count ?? 0;
        if (row === undefined) {
          const steps = { firstStep: at, lastStep: at, minStep: at, maxStep: at };
          const values = { first: value, last: value, min: NaN, max: NaN, count: 0, numbers: 0, sum: 0, sumError: 0 };
          const path = key.slice(pattern.length + 1);
          rows.set(
            key,
            row = { log, exp: log.run.exp.experiment.id, event: pattern, key: path, chunks: [], ...values, ...steps },
          );
        }
        row.count++;
        [row.last, row.lastStep] = [value, at];
        if (Number.isNaN(value)) continue;
        if (row.numbers === 0 || value < row.min) [row.min, row.minStep] = [value, at];
        if (row.numbers === 0 || value > row.max) [row.max, row.maxStep] = [value, at];
        row.numbers++;
        row.sum += value;
      }
    });
    return [...rows.values()];
  }

  async #scan(
    log: LogRow,
    on: (event: ReadEvent) => void,
    places?: readonly LinePlace[],
  ): Promise<void> {
    this.loaded.logs++;
    if (places === undefined) this.loaded.bytes += log.file.size;
    const { signal, onProblem } = this.options;
    const reader = log.run.run.log(log.name);
    const batches = places === undefined ? reader.batches({ signal, onProblem }) : reader.at(places, { signal });
    for await (const batch of batches) {
      if (places !== undefined) this.loaded.bytes += batch.reduce((sum, { offset, end }) => sum + end - offset, 0);
      for (const event of batch) on(event);
      signal?.throwIfAborted();
    }
  }

  async #notes(experiments: readonly ExperimentRow[]): Promise<void> {
    const { insert, columns } = this.#table("notes");
    const words: Record<string, string> = { "dbx/note": "note", "dbx/delete": "delete", "dbx/restore": "restore" };
    for (const { experiment, source } of experiments) {
      for (const log of await experiment.noteLogs()) {
        for await (const { event, ts, data } of log.read({ onProblem: this.options.onProblem })) {
          const what = event === "dbx/tag" ? (data.remove === true ? "untag" : "tag") : words[event] ?? event;
          const text = cellOf(data.tag ?? data.text);
          const row: Record<string, Cell> = { repo: source.name, exp: experiment.id, replica: log.name };
          Object.assign(row, { ts: ts ?? null, what, text });
          insert.add(...columns.map(([column]) => row[column]));
        }
      }
    }
    insert.flush();
    this.#count("notes", insert);
  }

  async #events(): Promise<void> {
    const [wantsEvents, wantsFiles] = [this.#tables.has("events"), this.#tables.has("files")];
    const dotted = [...new Map(this.query.dotted.filter((it) => it.family === "data").map((it) => [it.name, it]))]
      .map(([, column]) => column);
    const own = ["line", "event", "ts", "data"].filter((name) => this.#mayNeed(name));
    const types: Record<string, string> = { line: "INTEGER", event: "TEXT", ts: "INTEGER", data: "TEXT" };
    const more = dotted.map((column) => quoteName(column.name));
    if (wantsEvents) {
      const shown = ["repo", "exp", "run", "log", ...own.map((name) => `_events.${name}`), ...more];
      const definitions = ["lid INTEGER", ...own.map((name) => `${name} ${types[name]}`), ...more];
      this.db.exec(`CREATE TABLE _logs (lid INTEGER PRIMARY KEY, repo TEXT, exp TEXT, run TEXT, log TEXT);
        CREATE TABLE _events (${definitions.join(", ")});
        CREATE VIEW events AS SELECT ${shown.join(", ")} FROM _events JOIN _logs USING (lid)`);
    }
    const logs = wantsEvents ? new BulkInsert(this.db, "_logs", 5) : undefined;
    const events = wantsEvents ? new BulkInsert(this.db, "_events", 1 + own.length + more.length) : undefined;
    const files = wantsFiles ? this.#table("files") : undefined;
    for (const { log, places } of this.options.logs) {
      if (!wantsEvents && log.name === "stdout") continue;
      const place = ["repo", "exp", "run", "log"].map((column) => logCell(column)(log));
      const id = logs?.rows ?? 0;
      logs?.add(id, ...place);
      await this.#scan(log, (event) => {
        if (events !== undefined) {
          const { line = null, data } = event;
          const ts = event.ts ?? log.times?.at(event.offset) ?? null;
          const cells = own.map((name) =>
            name === "data" ? JSON.stringify(data) : name === "line" ? line : name === "ts" ? ts : event.event
          );
          for (const column of dotted) cells.push(this.#part(column, data));
          events.add(id, ...cells);
        }
        if (files === undefined) return;
        filesOf(event, log.times?.at(event.offset), place, (row) => files.insert.add(...pick(files.columns, row)));
      }, places);
    }
    logs?.flush();
    events?.flush();
    files?.insert.flush();
    this.#count("events", events);
    this.#count("files", files?.insert);
  }

  #part({ name, path }: DottedColumn, data: JsonObject): Cell {
    const value = dig(data, path);
    if (value !== undefined) this.loaded.found.add(name);
    else this.#know("data", data, 0);
    return cellOf(value);
  }

  #know(prefix: string, json: JsonObject, depth: number): void {
    const { known } = this.loaded;
    for (const key of Object.keys(json)) {
      if (known.size >= MOST_KNOWN) return;
      const name = `${prefix}.${key}`;
      const value = json[key];
      known.add(name);
      if (depth < 4 && typeof value === "object" && value !== null && !Array.isArray(value)) {
        this.#know(name, value as JsonObject, depth + 1);
      }
    }
  }
}

function pick(columns: readonly ColumnSpec[], row: Readonly<Record<string, Cell>>): Cell[] {
  return columns.map(([column]) => row[column] ?? null);
}

/** The files that an event names, as rows of `files`. */
function filesOf(
  { event, ts, data }: LogEvent,
  arrivedAt: number | undefined,
  [repo, exp, run, log]: readonly Cell[],
  add: (row: Record<string, Cell>) => void,
): void {
  const place = { repo, exp, run, log, ts: ts ?? arrivedAt ?? null };
  const visit = (value: Json, depth: number, name?: string, size?: Json): void => {
    if (typeof value !== "object" || value === null || depth > 32) return;
    if (isExpfile(value)) {
      add({ ...place, name: name ?? value.name, held: 1, sha256: value.sha256, size: cellOf(size) });
    } else if (isRefFile(value)) {
      const { path, hostname, sha256 } = value;
      add({ ...place, name: name ?? path, held: 0, sha256, size: cellOf(size), path, hostname });
    } else for (const item of Object.values(value)) visit(item, depth + 1);
  };
  if (event === "dbx/file" && data.file !== undefined) {
    visit(data.file, 0, typeof data.name === "string" ? data.name : undefined, data.size);
  } else visit(data, 0);
}
