import { isObject, type Json } from "../../base/json.ts";
import { bodyOf, timeOfIso, withStep } from "../event_parts.ts";
import { databaseState } from "../files/database_copy.ts";
import { fileWithin } from "../files/bundled_files.ts";
import { type Cell, ForeignDatabase, type Row, textOf } from "../files/foreign_database.ts";
import {
  type EventRecord,
  type ForeignRecord,
  type ForeignValue,
  METRICS_EVENT,
  type ReadOptions,
  type RunRecord,
  SYSTEM_LOG,
} from "../foreign.ts";
import { integer } from "../values.ts";
import { mediaOf } from "./media.ts";
import { runKey, trackioRun } from "./trackio_run.ts";
import { parseTrackioObject } from "./trackio_values.ts";

/** A table whose rows are events. */
interface EventTable {
  readonly table: string;
  readonly log: string;
  readonly name: string;
  /** Columns of JSON objects whose keys are the data; else the columns themselves are the data. */
  readonly json?: string;
  readonly columns: readonly string[];
}

const TABLES: readonly EventTable[] = [
  { table: "metrics", log: METRICS_EVENT, name: METRICS_EVENT, json: "metrics", columns: [] },
  { table: "system_metrics", log: SYSTEM_LOG, name: SYSTEM_LOG, json: "metrics", columns: [] },
  { table: "alerts", log: "alerts", name: "alert", columns: ["title", "text", "level"] },
  { table: "traces", log: "traces", name: "trace", columns: ["key", "trace_index", "messages", "metadata", "spans"] },
];

/** Columns that all of them have. */
const COMMON = ["run_id", "run_name", "timestamp", "step"];

/** Reads the database of a project. Rows have ascending numbers, which are never used again. */
export async function* readDatabase(
  path: string,
  name: string,
  project: string,
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  const state = await databaseState(path);
  if (options.mayGrow && options.positions.get(`${name} state`) === state) return;
  using database = await ForeignDatabase.open(path, await options.scratch(), options.signal);
  const media = `${path.slice(0, path.lastIndexOf("/"))}/media`;
  const problems: ForeignRecord[] = [];
  const onLost = (what: string): void =>
    void problems.push({ type: "problem", file: name, what, advice: "the other rows were read" });
  const runs = runsOf(database, project, onLost);
  yield [{ type: "source", source: name }, ...problems];
  for (let at = 0, all = [...runs.values()]; at < all.length; at += 1000) yield all.slice(at, at + 1000);
  for (const table of TABLES) {
    const source = `${name} ${table.table}`;
    const from = placeOf(database, table, options.positions.get(source));
    yield [{ type: "source", source, restarts: from === undefined }];
    for (const chunk of database.rows(table.table, columnsOf(table), from)) {
      options.signal?.throwIfAborted();
      if ("lost" in chunk) {
        const { from, to, why } = chunk.lost;
        const what = `rows of ${table.table} up to ${to ?? "the last one"} cannot be read (${why})`;
        yield [{
          type: "problem",
          file: name,
          at: { unit: "row", number: from },
          what,
          advice: "the others were read",
        }];
        continue;
      }
      const records: ForeignRecord[] = [];
      for (const row of chunk.rows) {
        const event = eventOf(table, row, project);
        if (event === undefined) {
          const what = `the row of ${table.table} is not JSON`;
          records.push({
            type: "problem",
            file: name,
            at: { unit: "row", number: row[0] },
            what,
            advice: "it is left out",
          });
          continue;
        }
        if (!runs.has(event.run)) {
          const [, id, runName, timestamp] = row;
          const run = trackioRun({
            project,
            id: textOf(id),
            name: textOf(runName),
            createdAt: timeOfIso(textOf(timestamp)),
          });
          runs.set(run.key, run);
          records.push(run);
        }
        records.push(event);
        for (const file of event.data === undefined ? [] : mediaOf(event.data)) {
          const found = await fileWithin(media, file);
          const known = { run: event.run, name: `media/${file}`, ts: event.ts, log: "media" };
          if (found !== undefined) records.push({ type: "file", ...known, content: { path: found } });
          else {records.push({
              type: "problem",
              file: name,
              what: `the file media/${file} is not there`,
              advice: "it is left out",
            });}
        }
      }
      const last = chunk.rows[chunk.rows.length - 1];
      records.push({ type: "position", state: { row: last[0], held: heldBy(last) } });
      yield records;
    }
  }
  yield [{ type: "source", source: `${name} state` }, { type: "position", state }];
}

function columnsOf({ json, columns }: EventTable): string[] {
  return [...COMMON, ...json === undefined ? columns : [json]];
}

function eventOf(table: EventTable, row: Row, project: string): EventRecord | undefined {
  const [, id, name, timestamp, step, ...cells] = row;
  const known = {
    type: "event",
    run: runKey({ project, id: textOf(id), name: textOf(name) }),
    log: table.log,
    name: table.name,
    ts: timeOfIso(textOf(timestamp)),
  } as const;
  const at = typeof step === "number" ? step : textOf(step);
  if (table.json === undefined) {
    const all = table.columns.map((column, at): [string, ForeignValue] => [column, valueOf(cells[at])]);
    return { ...known, data: withStep(at, Object.fromEntries(all.filter(([, value]) => value !== null))) };
  }
  const text = textOf(cells[0]);
  const body = text === undefined ? undefined : bodyOf(text, at);
  if (body !== undefined) return { ...known, body };
  const data = parseTrackioObject(text);
  return data && { ...known, data: withStep(at, data) };
}

/** Texts that are JSON objects or lists as what they say. */
function valueOf(cell: Cell | undefined): ForeignValue {
  const text = cell === undefined ? undefined : textOf(cell);
  if (typeof cell === "number") return integer(cell);
  if (text === undefined) return null;
  return /^[{[]/.test(text) ? parseTrackioObject(`{"value":${text}}`)?.value ?? text : text;
}

function runsOf(database: ForeignDatabase, project: string, onLost: (what: string) => void): Map<string, RunRecord> {
  const runs = new Map<string, RunRecord>();
  const columns = ["run_id", "run_name", "config", "created_at"];
  for (const [, id, name, config, createdAt] of database.allRows("configs", columns, onLost)) {
    const run = trackioRun({
      project,
      id: textOf(id),
      name: textOf(name),
      config: parseTrackioObject(textOf(config)),
      createdAt: timeOfIso(textOf(createdAt)),
    });
    runs.set(run.key, run);
  }
  return runs;
}

/** Where reading goes on: behind the last row that was read, if it is still there; else at the start. */
function placeOf(database: ForeignDatabase, table: EventTable, state: Json | undefined): number | undefined {
  if (!isObject(state) || typeof state.row !== "number") return undefined;
  const row = database.row(table.table, columnsOf(table), state.row);
  return row !== undefined && heldBy(row) === state.held ? state.row : undefined;
}

/** What tells a row from another one of the same number. */
function heldBy([, id, name, timestamp, step]: Row): string {
  return JSON.stringify([textOf(id), textOf(name), textOf(timestamp), typeof step === "number" ? step : null]);
}
