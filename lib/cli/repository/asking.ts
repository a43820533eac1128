import { UsageError } from "../../base/errors.ts";
import type { Asking } from "../../compare/asking.ts";
import { queryCurves } from "../../query/curves/query_curves.ts";
import { query } from "../../query/query.ts";
import { indexProgress } from "../index_progress.ts";
import type { Context } from "../command.ts";
import { endQuestion } from "./listings.ts";
import { BadLines, warnOfLines } from "./problems.ts";

/** What asks the repositories of a command line several questions. */
export interface CommandAsking extends Asking {
  /** Keeps what was learnt, and says once what was left out of the answers. */
  end(): void;
}

/** Asks the repositories of a command line: folders here, or a server that answers itself. `all`: deleted experiments too. */
export async function openAsking(context: Context, all = false): Promise<CommandAsking> {
  const { signal, now } = context;
  let badLines = 0;
  const server = await context.onlyServer();
  if (server !== undefined) {
    return {
      async rows(asked) {
        using answer = await server.query(asked, {}, { all, signal });
        const rows = await Array.fromAsync(answer);
        badLines = Math.max(badLines, answer.badLines);
        return rows;
      },
      series: (selector) => server.series(selector, { all, signal }),
      end: () => warnOfLines(context, badLines),
    };
  }
  const sources = await context.sources();
  const worst = new BadLines();
  const ask = async <T>(of: (options: { readonly onProblem: () => void }) => Promise<T>): Promise<T> => {
    const own = new BadLines();
    try {
      return await of({ onProblem: own.add });
    } catch (error) {
      // What was left out may be why something was not found.
      if (error instanceof UsageError) end();
      throw error;
    } finally {
      worst.count = Math.max(worst.count, own.count);
    }
  };
  const onProgress = indexProgress(context);
  let hasEnded = false;
  const end = () => {
    if (!hasEnded) endQuestion(context, sources, worst);
    hasEnded = true;
  };
  return {
    rows: (asked) =>
      ask(async ({ onProblem }) => {
        using answer = await query(sources, asked, { all, signal, now, onProblem, onProgress });
        return await Array.fromAsync(answer);
      }),
    series: (selector) =>
      ask(({ onProblem }) => queryCurves(sources, selector, { all, signal, now, onProblem, onProgress })),
    end,
  };
}
