import type { Curve, CurveSelector } from "../query/curves/curve.ts";
import type { QueryInput } from "../query/list/shorthand.ts";
import type { QueryValue } from "../query/result/answer.ts";

/** What comparing asks: a repository in a folder, behind a URL, or several at once. */
export interface Asking {
  /** The rows of a question. */
  rows(asked: QueryInput): Promise<QueryValue[][]>;
  series(selector: CurveSelector): Promise<Curve[]>;
}

/** What can be asked as the repositories of the library can. */
interface Askable {
  query(asked: QueryInput): PromiseLike<AsyncIterable<QueryValue[]> & Disposable>;
  series(selector: CurveSelector): Promise<Curve[]>;
}

/** Asks a repository. */
export function askingOf(repository: Askable): Asking {
  return {
    async rows(asked) {
      using answer = await repository.query(asked);
      return await Array.fromAsync(answer);
    },
    series: (selector) => repository.series(selector),
  };
}

/** A value as a number: a whole one that a double does not hold is rounded; what is not a number is NaN. */
export function numberOf(value: QueryValue): number {
  return typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : NaN;
}
