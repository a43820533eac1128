import type { Context } from "../../../cli/command.ts";
import type { QueryValue } from "../../../query/result/answer.ts";
import { statusColour } from "../../../terminal/colours.ts";
import type { Result } from "../../../terminal/result.ts";
import { duration, short } from "../../../terminal/values.ts";
import { type ExperimentRow, followExperiments, type ListQuestion, merged } from "./model/experiments.ts";
import { followFacts, type SeriesFact, usageOf } from "./model/facts.ts";
import { progressOf } from "./model/progress.ts";
import { openSources, type TopSource } from "./model/sources.ts";
import { metricOf } from "./series_choice.ts";

/** Experiments that are asked about at once. */
const BATCH = 200;

/** What of the list is printed, and how. */
interface OnceOptions {
  /** The series whose last values stand in it. */
  readonly series: string | undefined;
  readonly limit: number | undefined;
  /** Whether lengths of time are written as people say them: their names are without a unit then. */
  readonly isForPeople: boolean;
}

/** The list as it is now, as rows. */
export async function listOnce(
  context: Context,
  question: ListQuestion,
  { series, limit = Infinity, isForPeople }: OnceOptions,
): Promise<Result> {
  const { cols: _cols, sort: _sort, all: _all, ...filter } = question;
  const sources = await openSources(context, (line) => context.stderr.line(line));
  try {
    const answers = await Promise.all(
      sources.map((source) => first((signal) => followExperiments(source, question, signal), context.signal)),
    );
    const rows = merged(answers, question.sort).slice(0, limit);
    const facts = new Map<string, readonly SeriesFact[]>();
    for (const source of sources) await readFacts(source, rows, facts, context.signal);
    const { metric, title } = metricOf(rows.map(({ key }) => facts.get(key) ?? []), series);
    const several = sources.length > 1;
    const fields = [
      ...several ? ["repo"] : [],
      "id",
      "name",
      "kind",
      "status",
      "created_at",
      isForPeople ? "duration" : "duration_ms",
      "progress",
      isForPeople ? "left" : "left_ms",
      "cpu",
      "gpu",
      "series",
      "last",
      ...question.cols,
    ];
    return {
      kind: "rows",
      fields,
      chunks: [rows.map((row): QueryValue[] => {
        const own = facts.get(row.key) ?? [];
        const isRunning = row.status === "running";
        const progress = isRunning ? progressOf(row.params, own, undefined, row.durationMs) : undefined;
        const { cpu, gpu } = isRunning ? usageOf(own) : {};
        return [
          ...several ? [row.source.name] : [],
          row.exp,
          row.name,
          row.kind,
          row.status,
          row.createdAt,
          row.durationMs ?? null,
          progress?.part ?? null,
          progress?.leftMs ?? null,
          cpu ?? null,
          gpu ?? null,
          metric === undefined ? null : title,
          own.findLast((fact) => fact.series === metric)?.last ?? null,
          ...row.values,
        ];
      })],
      show: (column, value) => shown(column, value),
      colour: (column, text) => column === "status" ? statusColour(text) : undefined,
      empty: Object.values(filter).some((value) => value !== undefined)
        ? "no experiment matches"
        : "no experiments yet",
    };
  } finally {
    for (const { repository } of sources) await repository.close();
  }
}

async function readFacts(
  source: TopSource,
  rows: readonly ExperimentRow[],
  facts: Map<string, readonly SeriesFact[]>,
  signal: AbortSignal,
): Promise<void> {
  const own = rows.filter((row) => row.source === source);
  for (let from = 0; from < own.length; from += BATCH) {
    const ids = own.slice(from, from + BATCH).map(({ exp }) => exp);
    const found = await first((signal) => followFacts(source, ids, signal), signal);
    for (const { key, exp } of own.slice(from, from + BATCH)) facts.set(key, found.get(exp) ?? []);
  }
}

/** The first of answers that would go on. */
async function first<T>(follow: (signal: AbortSignal) => AsyncIterable<T>, signal: AbortSignal): Promise<T> {
  const controller = new AbortController();
  try {
    for await (const answer of follow(AbortSignal.any([signal, controller.signal]))) return answer;
  } finally {
    controller.abort();
  }
  throw new DOMException("interrupted", "AbortError");
}

function shown(column: string, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value);
  if (column === "created_at") return `${new Date(value).toISOString().slice(0, 19)}Z`;
  if (column === "progress") return `${Math.floor(value * 100)}%`;
  if (column === "cpu" || column === "gpu") return `${Math.round(value)}%`;
  return column === "duration" || column === "left" || column.endsWith("_ms") ? duration(value) : short(value);
}
