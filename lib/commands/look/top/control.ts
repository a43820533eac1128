import type { ExperimentRow } from "./model/experiments.ts";
import type { Completion, TopState } from "./state.ts";

/** What keys act on. */
export interface TopControl {
  readonly state: TopState;
  /** Rows of the pane of runs at this moment. */
  readonly pageRows: number;
  /** Lists again, after the filter or the order is another. Rejects where the list cannot be made; the old one stays. */
  relist(where: string, sort: string): Promise<void>;
  /** Draws everything anew. */
  redraw(): void;
  quit(): void;
  /** Runs another command of dbx on the repository of a row: `tag`, `note` or `stop`. Rejects with what it says. */
  run(row: ExperimentRow, name: string, words: readonly string[]): Promise<void>;
  /** Finds out what there is to complete, before somebody asks for it. */
  prepare(): void;
  /** What may be typed: in a filter, as the name of a column, as a tag, as a series, as a listed run. */
  complete(what: Completable, before: string): Promise<Completion>;
}

/** What can be completed. */
export type Completable = "condition" | "column" | "tag" | "series" | "run";
