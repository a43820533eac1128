import type { Box } from "../../../../terminal/screen/cells.ts";
import { columnsIn, rowsOf } from "../../../../terminal/screen/layout.ts";
import type { Pane } from "../state.ts";

/** From so many columns on, all panes stand side by side; from fewer on, the runs stand beside the others. */
const THREE_COLUMNS = 200;
const TWO_COLUMNS = 110;
/** With fewer columns or rows there is one pane. */
const ONE_PANE = { columns: 50, rows: 16 };

/** Where the panes are, of those that are shown. */
export type Panes = Partial<Readonly<Record<Pane, Box>>>;

/** Lays out the panes for a size, in which the chosen one is always there. */
export function panesIn(
  box: Box,
  { pane, lower, isZoomed }: { readonly pane: Pane; readonly lower: Pane; readonly isZoomed: boolean },
): Panes {
  if (isZoomed || box.columns < ONE_PANE.columns || box.rows < ONE_PANE.rows) return { [pane]: box };
  if (box.columns >= THREE_COLUMNS) {
    const [runs, charts, details] = columnsIn(box, [{ share: 44 }, { share: 34 }, { share: 22 }]);
    return { runs, charts, details };
  }
  if (box.columns >= TWO_COLUMNS) {
    const [runs, right] = columnsIn(box, [{ share: 50 }, { share: 50 }]);
    const [charts, details] = rowsOf(right, [{ share: 64 }, { share: 36 }]);
    return { runs, charts, details };
  }
  const [runs, below] = rowsOf(box, [{ share: 42 }, { share: 58 }]);
  return { runs, [lower]: below };
}
