import { cutText } from "../../../terminal/screen/graphemes.ts";
import type { ExperimentRow } from "./model/experiments.ts";

/** Columns of a name in a question. */
const NAME = 24;
/** More runs are counted only. */
const MAX_NAMED = 3;

/** How many runs. */
export function counted(rows: readonly unknown[]): string {
  return rows.length === 1 ? "1 run" : `${rows.length} runs`;
}

/** What a run is called where there is little room. */
export function nameOf({ name, kind, exp }: ExperimentRow): string {
  return `${cutText(name === "" ? kind : name, NAME)} ${exp.slice(0, 6)}`;
}

/** How many runs, and which: a change is made to these, even if the list is another meanwhile. */
export function named(rows: readonly ExperimentRow[]): string {
  const names = rows.slice(0, MAX_NAMED).map(nameOf);
  return `${counted(rows)} (${names.join(", ")}${rows.length > MAX_NAMED ? ", …" : ""})`;
}
