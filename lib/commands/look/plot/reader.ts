import type { Curve, CurveSelector } from "../../../query/curves/curve.ts";
import type { QueryValue } from "../../../query/result/answer.ts";
import type { Context } from "../../../cli/command.ts";
import { indexProgress } from "../../../cli/index_progress.ts";
import { endQuestion } from "../../../cli/repository/listings.ts";
import { BadLines } from "../../../cli/repository/problems.ts";

/** What a plot asks of folders or of a server. */
export interface CurveReader {
  readonly isRemote: boolean;
  curves(selector: CurveSelector): Promise<Curve[]>;
  rows(sql: string): Promise<QueryValue[][]>;
  /** Says once what was left out of the answers. */
  end(): void;
}

/** The reader for the repositories of a command line. `all`: deleted experiments too. */
export async function readerOf(context: Context, all: boolean): Promise<CurveReader> {
  const server = await context.onlyServer();
  if (server !== undefined) {
    const how = { all, signal: context.signal };
    return {
      isRemote: true,
      curves: (selector) => server.series(selector, how),
      rows: async (sql) => await collected(server.query(sql, undefined, how)),
      end() {},
    };
  }
  const [{ query }, { queryCurves }] = await Promise.all([
    import("../../../query/query.ts"),
    import("../../../query/curves/query_curves.ts"),
  ]);
  const sources = await context.sources();
  const badLines = new BadLines();
  const how = {
    all,
    signal: context.signal,
    now: context.now,
    onProgress: indexProgress(context),
    onSnapshot: () => badLines.count = 0,
  };
  return {
    isRemote: false,
    curves: (selector) => queryCurves(sources, selector, { ...how, onProblem: badLines.add }),
    rows: async (sql) => await collected(query(sources, sql, how)),
    end: () => endQuestion(context, sources, badLines),
  };
}

async function collected(
  pending: PromiseLike<AsyncIterable<readonly QueryValue[]> & Partial<Disposable>>,
): Promise<QueryValue[][]> {
  const rows: QueryValue[][] = [];
  const answer = await pending;
  try {
    for await (const row of answer) rows.push([...row]);
  } finally {
    answer[Symbol.dispose]?.();
  }
  return rows;
}

/** A text as SQL writes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
