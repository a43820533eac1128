import type { ExperimentRow } from "./model/experiments.ts";
import type { TopState } from "./state.ts";

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
  /** What may be typed in a filter, or as the name of a column. */
  readonly complete: {
    condition(before: string): { readonly replaces: number; readonly suggestions: readonly string[] };
    column(before: string): { readonly replaces: number; readonly suggestions: readonly string[] };
    tag(before: string): { readonly replaces: number; readonly suggestions: readonly string[] };
    series(before: string): { readonly replaces: number; readonly suggestions: readonly string[] };
  };
}
