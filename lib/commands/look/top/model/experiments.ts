import { isObject, type JsonObject } from "../../../../base/json.ts";
import type { ExperimentFilter } from "../../../../query/list/filter.ts";
import type { QueryValue } from "../../../../query/result/answer.ts";
import type { TopSource } from "./sources.ts";

/** An experiment in the list. */
export interface ExperimentRow {
  /** A text that no other row has. */
  readonly key: string;
  readonly source: TopSource;
  readonly exp: string;
  readonly kind: string;
  readonly name: string;
  readonly status: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds, at the moment of the answer. */
  readonly durationMs: number | undefined;
  readonly runs: number;
  readonly tags: readonly string[];
  readonly note: string;
  readonly host: string;
  readonly params: JsonObject;
  /** The columns that were asked for besides. */
  readonly values: readonly QueryValue[];
  /** What the list is sorted by. */
  readonly sort: QueryValue;
}

/** Which experiments are listed, and how. */
export interface ListQuestion extends ExperimentFilter {
  readonly cols: readonly string[];
  /** A column; `-` before it turns the order round. */
  readonly sort: string;
  readonly all?: boolean;
}

/** The list of one repository at a moment. */
export interface ExperimentAnswer {
  readonly rows: readonly ExperimentRow[];
  /** By this machine's clock, in milliseconds. */
  readonly at: number;
}

/** More are not listed: a filter finds the others. */
export const MAX_LISTED = 1000;

const COLUMNS = ["exp", "kind", "name", "status", "created_at", "duration_ms", "runs", "tags", "note", "hostname"];

/** The experiments of a repository, again each time that they change. */
export async function* followExperiments(
  source: TopSource,
  { cols, sort, all, ...filter }: ListQuestion,
  signal: AbortSignal,
): AsyncGenerator<ExperimentAnswer, void> {
  const asked = {
    ...filter,
    cols: [...COLUMNS, "params", sort.replace(/^-/, ""), ...cols],
    sort,
    limit: MAX_LISTED + 1,
  };
  for await (const { rows } of source.repository.live(asked, undefined, { all, signal })) {
    yield { rows: rows.map((row) => rowOf(source, row)), at: Date.now() };
  }
}

function rowOf(source: TopSource, row: readonly QueryValue[]): ExperimentRow {
  const [exp, kind, name, status, created, duration, runs, tags, note, host, params, sort, ...values] = row;
  return {
    key: `${source.name}\0${exp}`,
    source,
    exp: String(exp),
    kind: textOf(kind),
    name: textOf(name),
    status: textOf(status),
    createdAt: Number(created ?? NaN),
    durationMs: duration === null ? undefined : Number(duration),
    runs: Number(runs),
    tags: tagsOf(tags),
    note: textOf(note),
    host: textOf(host),
    params: objectOf(params),
    values,
    sort,
  };
}

/** The lists of several repositories as one, in the same order. */
export function merged(answers: readonly ExperimentAnswer[], sort: string): ExperimentRow[] {
  if (answers.length === 1) return [...answers[0].rows];
  const sign = sort.startsWith("-") ? -1 : 1;
  return answers.flatMap(({ rows }) => rows).sort((a, b) => {
    if (a.sort === null || b.sort === null) return Number(a.sort === null) - Number(b.sort === null);
    return sign * compare(a.sort, b.sort) || (a.key < b.key ? -1 : 1);
  });
}

/** As SQLite orders them: numbers before texts. */
function compare(a: NonNullable<QueryValue>, b: NonNullable<QueryValue>): number {
  const [isTextA, isTextB] = [typeof a === "string", typeof b === "string"];
  if (isTextA !== isTextB) return isTextA ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function textOf(value: QueryValue): string {
  return value === null ? "" : String(value);
}

function tagsOf(value: QueryValue): string[] {
  const tags = typeof value === "string" ? jsonOf(value) : undefined;
  return Array.isArray(tags) ? tags.map(String) : [];
}

function objectOf(value: QueryValue): JsonObject {
  const json = typeof value === "string" ? jsonOf(value) : undefined;
  return isObject(json) ? json as JsonObject : {};
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
