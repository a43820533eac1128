import { seriesOfLog, type SeriesRow } from "../index/series_table.ts";
import { type LogRow, tellOfBadLines } from "./snapshot/snapshot.ts";
import type { LinePlace } from "../repo/log_reader.ts";
import type { Problem } from "../repo/problem.ts";
import { childrenOf, type Expression } from "./ast.ts";
import { type DimensionScope, evaluateDimensions, isTrue } from "./dimensions.ts";
import { chooseSeries } from "./program.ts";
import { SeriesColumns } from "./series_columns.ts";
import type { VectorPlan } from "./vector_plan.ts";
import type { VectorScope } from "./vector_scope.ts";

/** A log of events, or the lines of it, that a query can need. */
export interface EventLog {
  readonly log: LogRow;
  /** Undefined: the whole log. */
  readonly places?: readonly LinePlace[];
}

/** The logs and lines that can meet the conditions of a plan, as far as they are about experiments, runs, logs and names. */
export function eventLogsOf(
  plan: VectorPlan,
  logs: readonly LogRow[],
  onProblem?: (problem: Problem) => void,
): EventLog[] {
  const rows = new SeriesColumns(logs.map(seriesOfLog));
  const chosen = chooseSeries(plan, rows.all).rows.map((row) => row.log);
  const named = plan.rowFilters.filter((filter) => isOnlyOfEvent(filter, plan.scope));
  if (named.length === 0) return chosen.map((log) => ({ log }));
  const found: EventLog[] = [];
  for (const log of chosen) {
    const places = log.parts === undefined || log.parts.length === 0 ? undefined : placesIn(log, named, plan.scope);
    if (places !== undefined && places.length === 0) continue;
    found.push({ log, places });
    // Lines that nobody reads are told of as the index knows them.
    if (places !== undefined && onProblem !== undefined) tellOfBadLines([log], onProblem);
  }
  return found;
}

/** Whether a condition asks nothing of an event but its name. */
function isOnlyOfEvent(expression: Expression, scope: VectorScope): boolean {
  const column = scope.column(expression);
  if (column !== undefined) return column.name === "event";
  return childrenOf(expression).every((child) => isOnlyOfEvent(child, scope));
}

/** The lines of a log whose events may have a name that is asked for; undefined where that is most of them. */
function placesIn(log: LogRow, filters: readonly Expression[], scope: VectorScope): LinePlace[] | undefined {
  const groups = log.parts!.flatMap(({ pack, part }) => {
    const { parts, groups, strings } = pack.directory;
    const [from, to] = [parts.groupsFrom[part], parts.groupsTo[part]];
    return Array.from({ length: to - from }, (_, i) => {
      return { pack, part, group: from + i, name: nameOf(strings[groups.pattern[from + i]]) };
    });
  });
  const rows = groups.map(({ name }): SeriesRow => ({ ...seriesOfLog(log), event: name ?? "" }));
  const byName: DimensionScope = {
    sql: scope.sql,
    parameter: (name) => scope.parameter(name),
    dimension: (expression) =>
      scope.column(expression)?.name === "event"
        ? { type: "TEXT", cell: (row) => row.event }
        : scope.dimension(expression),
  };
  const results = evaluateDimensions(filters, rows, byName);
  const kept = groups.filter(({ name }, at) => name === undefined || results.every((cells) => isTrue(cells[at])));
  const count = ({ pack, group }: (typeof groups)[number]) => pack.directory.groups.count[group];
  const total = groups.reduce((sum, group) => sum + count(group), 0);
  if (kept.reduce((sum, group) => sum + count(group), 0) * 2 > total) return undefined;
  const places: LinePlace[] = [];
  for (const { pack, part, group } of kept) {
    const { parts, groups } = pack.directory;
    const [offsets, lines] = [pack.column(groups.offset[group]), pack.column(groups.line[group])];
    for (let i = 0; i < offsets.length; i++) {
      places.push({ offset: parts.from[part] + offsets[i], line: parts.firstLine[part] + lines[i] + 1 });
    }
  }
  return places.sort((a, b) => a.offset - b.offset);
}

/** The name that a pattern stands for; undefined where it stands for several. */
function nameOf(pattern: string): string | undefined {
  const segments = pattern.split("/");
  return segments.includes("*") ? undefined : segments.map((segment) => segment.replace(/\\(.)/g, "$1")).join("/");
}
