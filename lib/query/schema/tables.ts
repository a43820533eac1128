/** A column of a table: its name, its type in SQLite (empty: any), and what it holds. */
export type ColumnSpec = readonly [name: string, type: "TEXT" | "INTEGER" | "REAL" | "", help: string];

/** A table that queries read. */
export interface TableSpec {
  readonly name: string;
  readonly help: string;
  readonly columns: readonly ColumnSpec[];
  /** The columns of JSON whose parts are columns too: `params` makes `params.lr` one. */
  readonly families: readonly string[];
  /**
   * Columns that `*` does not show, and that give way to a column of that name of another table of the FROM. A family among
   * them is one by `hiddenFamilies`.
   */
  readonly hidden?: readonly ColumnSpec[];
  readonly hiddenFamilies?: readonly string[];
  /**
   * Whether `"min:loss"` and the like, with a name of {@linkcode STATISTICS} before the colon and the name of a series behind
   * it, are hidden columns: a statistic over all runs of the experiment.
   */
  readonly hasStatistics?: boolean;
}

/** What can be asked of a series of an experiment, over all of its runs. `first` and `last` are by time. */
export const STATISTICS: readonly string[] = ["first", "last", "min", "max", "mean", "count"];

/** The statistic and the series that a name such as `min:loss` stands for. */
export function statisticOf(name: string): { readonly statistic: string; readonly series: string } | undefined {
  const colon = name.indexOf(":");
  const statistic = name.slice(0, colon).toLowerCase();
  return STATISTICS.includes(statistic) ? { statistic, series: name.slice(colon + 1) } : undefined;
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
  ["key", "TEXT", "the part of the key after the colon: loss"],
];

/** How many coordinates of an event's name are columns. */
export const MAX_COORDINATES = 8;

/** The all-digit segments of an event's name, from the left: of `epoch/3/step/7` c0 is 3 and c1 is 7. */
const COORDINATES: readonly ColumnSpec[] = Array.from(
  { length: MAX_COORDINATES },
  (_, at) => [`c${at}`, "INTEGER", `number ${at + 1} of the event's name`] as const,
);

/** Everything that can be asked. Times are milliseconds since the Unix epoch. */
export const TABLES: readonly TableSpec[] = [
  {
    name: "experiments",
    help: "one row per experiment",
    columns: [
      REPO,
      ["exp", "TEXT", "id of the experiment"],
      ["id", "TEXT", "the same"],
      ["kind", "TEXT", "the kind of experiment"],
      ["name", "TEXT", "the name that it was given last; at first, the folders that contain it"],
      ["created_at", "INTEGER", "time, ms since 1970"],
      ["status", "TEXT", "of the newest run whose life was recorded: running, finished, failed, killed, lost, unknown"],
      ["runs", "INTEGER", "how many runs"],
      ["tags", "TEXT", "JSON array"],
      ["params", "TEXT", "JSON object"],
      ["meta", "TEXT", "JSON object of the custom keys of the definition"],
      ["version", "INTEGER", "of the format: 0 or 1"],
    ],
    families: ["params", "meta"],
    hidden: [
      ["age_ms", "INTEGER", "duration in ms since it was created"],
      ["duration_ms", "INTEGER", "duration in ms, the sum over its runs"],
      ["hostname", "TEXT", "of the newest run"],
      ["cmd", "TEXT", "of the newest run, JSON array of words"],
      ["git", "TEXT", "of the newest run, JSON object"],
      ["env", "TEXT", "of the newest run, JSON object"],
      ["note", "TEXT", "the newest note"],
      ["deleted", "INTEGER", "1: it is deleted; 0: it is not"],
      ["lost_events", "INTEGER", "events that its runs failed to record"],
    ],
    hiddenFamilies: ["git", "env"],
    hasStatistics: true,
  },
  {
    name: "runs",
    help: "one row per run",
    columns: [
      REPO,
      ["exp", "TEXT", "id of the experiment"],
      ["run", "TEXT", "id of the run"],
      ["created_at", "INTEGER", "time, ms since 1970"],
      ["status", "TEXT", "running, finished, failed, killed, lost, unknown"],
      ["started_at", "INTEGER", "time, ms since 1970"],
      ["ended_at", "INTEGER", "time, ms since 1970"],
      ["duration_ms", "INTEGER", "duration in ms; of a running one so far"],
      ["exit_code", "INTEGER", "of the command"],
      ["signal", "TEXT", "that ended the command"],
      ["lost_events", "INTEGER", "events that could not be recorded so far; 0 if none are known"],
      ["cmd", "TEXT", "JSON array of words"],
      ["pwd", "TEXT", "working folder"],
      ["script", "TEXT", "the program or script that was started"],
      ["hostname", "TEXT", "the machine on which it ran"],
      ["env", "TEXT", "JSON object of the environment"],
      ["git", "TEXT", "JSON object: commit, branch, dirty, …"],
      [
        "extra",
        "TEXT",
        "JSON object of the custom keys of the definition; extra.params: params that only this run has",
      ],
      ["tags", "TEXT", "JSON array of the run's own tags"],
    ],
    families: ["env", "git", "extra"],
  },
  {
    name: "logs",
    help: "one row per log",
    columns: [...PLACE, ["bytes", "INTEGER", "length of the file"]],
    families: [],
  },
  {
    name: "metrics",
    help: "one row per series of a log",
    columns: [
      ...SERIES,
      ["count", "INTEGER", "points"],
      ["first", "REAL", "value"],
      ["last", "REAL", "value"],
      ["min", "REAL", "value; NaN is left out"],
      ["max", "REAL", "value; NaN is left out"],
      ["mean", "REAL", "value; NaN is left out"],
      ["first_step", "REAL", "step of first"],
      ["last_step", "REAL", "step of last"],
      ["min_step", "REAL", "step at which min was first reached"],
      ["max_step", "REAL", "step at which max was first reached"],
    ],
    families: [],
  },
  {
    name: "points",
    help: "one row per number in an event",
    columns: [
      ...SERIES,
      ["idx", "INTEGER", "from 0, within the series of the log"],
      ["step", "REAL", "`step` of the data, else the last number in the event's name, else idx"],
      ["ts", "INTEGER", "time, ms since 1970"],
      ["value", "REAL", "NULL stands for NaN"],
    ],
    families: [],
    hidden: COORDINATES,
  },
  {
    name: "events",
    help: "one row per event",
    columns: [
      ...PLACE,
      ["line", "INTEGER", "from 1"],
      ["event", "TEXT", "name: train/epoch/3"],
      ["ts", "INTEGER", "time, ms since 1970"],
      ["data", "TEXT", "JSON object"],
    ],
    families: ["data"],
    hidden: COORDINATES,
  },
  {
    name: "files",
    help: "one row per file that a run named",
    columns: [
      ...PLACE,
      ["ts", "INTEGER", "time, ms since 1970"],
      ["name", "TEXT", "the name under which it was logged"],
      ["held", "INTEGER", "1: the repository has the bytes; 0: it only knows where they were"],
      ["kept", "INTEGER", "0: a later version or a better one replaced it, and dbx gc may remove its bytes; else 1"],
      ["sha256", "TEXT", "hash of its bytes"],
      ["size", "INTEGER", "bytes"],
      ["path", "TEXT", "where a file that is not stored was"],
      ["hostname", "TEXT", "the machine where it was"],
    ],
    families: [],
  },
  {
    name: "notes",
    help: "one row per tag, note, new name, deletion or restoration",
    columns: [
      REPO,
      ["exp", "TEXT", "id of the experiment"],
      ["replica", "TEXT", "id of the replica in which it was written"],
      ["ts", "INTEGER", "time, ms since 1970"],
      ["what", "TEXT", "tag, untag, note, unnote, rename, delete, restore"],
      ["text", "TEXT", "the tag, the note or the name"],
      ["run", "TEXT", "id of the run that it is about; NULL: the experiment"],
    ],
    families: [],
  },
];

/** The table of a name, in any case of letters. */
export function tableOf(name: string): TableSpec | undefined {
  return TABLES.find((table) => table.name === name.toLowerCase());
}
