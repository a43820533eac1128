import type { ColumnSpec } from "./table_spec.ts";

/** The column of all tables: which repository. */
export const REPO: ColumnSpec = ["repo", "TEXT", "the repository, as it was named"];

/** Which log a row is of. */
export const PLACE: readonly ColumnSpec[] = [
  REPO,
  ["exp", "TEXT", "id of the experiment"],
  ["run", "TEXT", "id of the run"],
  ["log", "TEXT", "name of the log"],
];

/** Which series of a log a row is of. */
export const SERIES: readonly ColumnSpec[] = [
  ...PLACE,
  ["series", "TEXT", "the whole key: train/epoch/*:loss"],
  ["event", "TEXT", "the part of the key before the colon"],
  ["key", "TEXT", "the part of the key after the colon: loss"],
];

/** How many coordinates of an event's name are columns. */
export const MAX_COORDINATES = 8;

/** The all-digit segments of an event's name, from the left: of `epoch/3/step/7` c0 is 3 and c1 is 7. */
export const COORDINATES: readonly ColumnSpec[] = Array.from(
  { length: MAX_COORDINATES },
  (_, at) => [`c${at}`, "INTEGER", `number ${at + 1} of the event's name`] as const,
);
