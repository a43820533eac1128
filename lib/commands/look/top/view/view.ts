import type { Area } from "../../../../terminal/screen/cells.ts";
import { drawHelp } from "../../../../terminal/screen/overlay.ts";
import { helpGroups } from "../bindings.ts";
import type { Needs } from "../model/model.ts";
import type { TopState } from "../state.ts";
import { drawCharts, type DrawnCharts } from "./charts_pane.ts";
import { drawDetails } from "./details_pane.ts";
import { type Panes, panesIn } from "./layout.ts";
import { drawFooter, drawHeader, drawSuggestions } from "./lines.ts";
import { type DrawnRuns, drawRuns } from "./runs_pane.ts";
import { THEME } from "./theme.ts";

/** What was drawn: where things are, and what they need. */
export interface Drawn {
  readonly cursor: { readonly column: number; readonly row: number } | undefined;
  readonly panes: Panes;
  readonly runs: DrawnRuns | undefined;
  readonly charts: DrawnCharts | undefined;
  readonly needs: Needs;
}

/** Draws everything. */
export function drawTop(area: Area, state: TopState): Drawn {
  const body = { column: 0, row: 1, columns: area.columns, rows: area.rows - 2 };
  const panes = panesIn(body, state);
  drawHeader(area.part({ column: 0, row: 0, columns: area.columns, rows: 1 }), state);
  const runs = panes.runs && drawRuns(area.part(panes.runs), state);
  const charts = panes.charts && drawCharts(area.part(panes.charts), state);
  const details = panes.details && drawDetails(area.part(panes.details), state);
  const above = area.part({ column: 0, row: 0, columns: area.columns, rows: area.rows - 1 });
  if (state.prompt !== undefined) drawSuggestions(above, state.prompt);
  const cursor = drawFooter(area.part({ column: 0, row: area.rows - 1, columns: area.columns, rows: 1 }), state);
  if (state.help !== undefined) {
    const hidden = drawHelp(above, helpGroups(state), state.help, THEME.key);
    state.help = Math.min(state.help, hidden);
  }
  const needs: Needs = {
    rows: [...new Map([...(runs?.rows ?? []), ...state.chosen].map((row) => [row.key, row])).values()],
    curves: [...(charts?.curves ?? []), ...(runs?.curves ?? [])],
    details: details?.details ?? [],
    output: details?.output,
    outputLines: details?.outputLines ?? 0,
  };
  return { cursor, panes, runs, charts, needs };
}
