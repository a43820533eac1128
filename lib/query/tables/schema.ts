/** A column of a table: its name, its type in SQLite (empty: any), and what it holds. */
export type ColumnSpec = readonly [name: string, type: "TEXT" | "INTEGER" | "REAL" | "", help: string];

/** A table that queries read. */
export interface TableSpec {
  readonly name: string;
  readonly help: string;
  readonly columns: readonly ColumnSpec[];
  /** The columns of JSON whose parts are columns too: `params` makes `params.lr` one. */
  readonly families: readonly string[];
}

const REPO: ColumnSpec = ["repo", "TEXT", "the repository, as it was named"];

const PLACE: readonly ColumnSpec[] = [
  REPO,
  ["exp", "TEXT", "id of the experiment"],
  ["run", "TEXT", "id of the run"],
  ["log", "TEXT", "name of the log"],
];

const SERIES: readonly ColumnSpec[] = [
  ...PLACE,
  ["series", "TEXT", "the whole key: train/epoch/*:loss"],
  ["event", "TEXT", "the part of the key before the colon"],
  ["key", "TEXT", "the part of the key behind the colon: loss"],
];

/** Everything that can be asked. Times are milliseconds since the Unix epoch. */
export const TABLES: readonly TableSpec[] = [
  {
    name: "experiments",
    help: "a row an experiment",
    columns: [
      REPO,
      ["exp", "TEXT", "id of the experiment"],
      ["id", "TEXT", "the same"],
      ["kind", "TEXT", "what sort of experiment"],
      ["name", "TEXT", "the folders that it lies in"],
      ["created_at", "INTEGER", "time"],
      ["status", "TEXT", "of the latest run: running, finished, failed, killed, lost, unknown"],
      ["runs", "INTEGER", "how many runs"],
      ["tags", "TEXT", "JSON array"],
      ["params", "TEXT", "JSON object"],
      ["meta", "TEXT", "JSON object of the custom keys of the definition"],
      ["version", "INTEGER", "of the format: 0 or 1"],
    ],
    families: ["params", "meta"],
  },
  {
    name: "runs",
    help: "a row a run",
    columns: [
      REPO,
      ["exp", "TEXT", "id of the experiment"],
      ["run", "TEXT", "id of the run"],
      ["created_at", "INTEGER", "time"],
      ["status", "TEXT", "running, finished, failed, killed, lost, unknown"],
      ["started_at", "INTEGER", "time"],
      ["ended_at", "INTEGER", "time"],
      ["duration_ms", "INTEGER", "milliseconds; of a running one so far"],
      ["exit_code", "INTEGER", "of the command"],
      ["signal", "TEXT", "that ended the command"],
      ["lost_events", "INTEGER", "events that could not be kept, so far; 0 where none are known"],
      ["cmd", "TEXT", "JSON array of words"],
      ["pwd", "TEXT", "working folder"],
      ["script", "TEXT", ""],
      ["hostname", "TEXT", ""],
      ["env", "TEXT", "JSON object of the environment"],
      ["git", "TEXT", "JSON object: commit, branch, dirty, …"],
      [
        "extra",
        "TEXT",
        "JSON object of the custom keys of the definition; extra.params: params that only this run has",
      ],
    ],
    families: ["env", "git", "extra"],
  },
  {
    name: "logs",
    help: "a row a log",
    columns: [...PLACE, ["bytes", "INTEGER", "length of the file"]],
    families: [],
  },
  {
    name: "metrics",
    help: "a row a series of a log",
    columns: [
      ...SERIES,
      ["count", "INTEGER", "points"],
      ["first", "REAL", "value"],
      ["last", "REAL", "value"],
      ["min", "REAL", "value; NaN is left out"],
      ["max", "REAL", "value; NaN is left out"],
      ["mean", "REAL", "value; NaN is left out"],
      ["first_step", "REAL", ""],
      ["last_step", "REAL", ""],
      ["min_step", "REAL", "step of the first least value"],
      ["max_step", "REAL", "step of the first greatest value"],
    ],
    families: [],
  },
  {
    name: "points",
    help: "a row a number of an event",
    columns: [
      ...SERIES,
      ["idx", "INTEGER", "from 0, within the series of the log"],
      ["step", "REAL", "`step` of the data, else the last number in the event's name, else idx"],
      ["ts", "INTEGER", "time"],
      ["value", "REAL", "NULL stands for NaN"],
    ],
    families: [],
  },
  {
    name: "events",
    help: "a row an event",
    columns: [
      ...PLACE,
      ["line", "INTEGER", "from 1"],
      ["event", "TEXT", "name: train/epoch/3"],
      ["ts", "INTEGER", "time"],
      ["data", "TEXT", "JSON object"],
    ],
    families: ["data"],
  },
  {
    name: "files",
    help: "a row a file that a run named",
    columns: [
      ...PLACE,
      ["ts", "INTEGER", "time"],
      ["name", "TEXT", ""],
      ["held", "INTEGER", "1: the repository holds the bytes; 0: it knows where they were"],
      ["sha256", "TEXT", ""],
      ["size", "INTEGER", "bytes"],
      ["path", "TEXT", "where a file that is not held was"],
      ["hostname", "TEXT", "on which machine"],
    ],
    families: [],
  },
  {
    name: "notes",
    help: "a row a thing that somebody said of an experiment",
    columns: [
      REPO,
      ["exp", "TEXT", "id of the experiment"],
      ["replica", "TEXT", "id of the copy in which it was said"],
      ["ts", "INTEGER", "time"],
      ["what", "TEXT", "tag, untag, note, delete, restore"],
      ["text", "TEXT", "the tag or the note"],
    ],
    families: [],
  },
];

/** The table of a name, in any case of letters. */
export function tableOf(name: string): TableSpec | undefined {
  return TABLES.find((table) => table.name === name.toLowerCase());
}
