import type { Curve } from "../../index/scan_run.ts";
import type { Run } from "../../repo/experiments/run.ts";
import { every, last, length, type SeriesCheck, trend, type TrendOptions } from "./series_checks.ts";
import type { WrittenRun } from "./series_values.ts";

/** The plot in a message. */
const PLOT = { columns: 72, rows: 10, colour: false, legendRows: 0 } as const;

/** A series is not what a test expects. Test frameworks show it as they show their own, by its name `AssertionError`. */
export class SeriesAssertionError extends Error {
  override name = "AssertionError";
}

/**
 * What a test expects of a series: a chain of conditions that are checked together. It is a promise: await it. It rejects with a
 * {@linkcode SeriesAssertionError} that has the values and a plot. If it is not awaited, a condition that does not hold is
 * an unhandled rejection, which fails a test too.
 *
 * NaN meets no condition on it. Where nothing else is said, a condition is on the last value.
 */
export class SeriesExpectation implements PromiseLike<void> {
  readonly #checks: SeriesCheck[] = [];
  readonly #result: Promise<void>;

  /** `read`: gives the points. `name`: of the series, for messages. */
  constructor(read: () => Promise<Curve>, readonly name: string) {
    // The conditions of the chain are there once the code that writes it down has ended.
    this.#result = Promise.resolve().then(read).then((curve) => this.#check(curve));
  }

  /** The mean of the last quarter of its values lies below that of the first quarter; `strictly`: each value below the last one. */
  toDecrease(options: TrendOptions = {}): this {
    return this.#expect(trend("decrease", options));
  }

  /** The mean of the last quarter of its values lies above that of the first quarter; `strictly`: each value above the last one. */
  toIncrease(options: TrendOptions = {}): this {
    return this.#expect(trend("increase", options));
  }

  /** Its last value is below this one. */
  below(limit: number): this {
    return this.#expect(last(`below ${limit}`, (value) => value < limit));
  }

  /** Its last value is above this one. */
  above(limit: number): this {
    return this.#expect(last(`above ${limit}`, (value) => value > limit));
  }

  /** Its last value differs from this one by no more than the tolerance. */
  closeTo(value: number, tolerance: number): this {
    return this.#expect(last(`within ${tolerance} of ${value}`, (it) => Math.abs(it - value) <= tolerance));
  }

  /** All of its values are below this one. */
  toStayBelow(limit: number): this {
    return this.#expect(every(`stay below ${limit}`, (value) => value < limit));
  }

  /** All of its values are above this one. */
  toStayAbove(limit: number): this {
    return this.#expect(every(`stay above ${limit}`, (value) => value > limit));
  }

  /** None of its values is NaN or infinite. */
  toBeFinite(): this {
    return this.#expect(every("be finite", Number.isFinite));
  }

  /** It has so many values. */
  toHaveLength(count: number): this {
    return this.#expect(length(count, count));
  }

  /** It has so many values or more. */
  toHaveAtLeast(count: number): this {
    return this.#expect(length(count, Infinity));
  }

  then<A = void, B = never>(
    done?: ((value: void) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#result.then(done, failed);
  }

  #expect(check: SeriesCheck): this {
    this.#checks.push(check);
    return this;
  }

  async #check({ steps, values }: Curve): Promise<void> {
    const failures = this.#checks.flatMap(({ expected, fails }) => {
      const found = fails(values);
      return found === undefined ? [] : [`Expected the series "${this.name}" to ${expected}, but ${found}`];
    });
    if (failures.length === 0) return;
    const plot = values.length > 1 ? ["", ...await plotOf(steps, values)] : [];
    throw new SeriesAssertionError([...failures, ...plot].join("\n"));
  }
}

async function plotOf(x: readonly number[], y: readonly number[]): Promise<string[]> {
  const [{ chartCells }, { chartOf }] = await Promise.all([
    import("../../plot/cells/chart_cells.ts"),
    import("../../plot/chart.ts"),
  ]);
  const lines = chartCells(chartOf([{ label: "", x, y }]), PLOT);
  return lines.map((line) => line.map(({ text }) => text).join("").trimEnd());
}

/**
 * Says what a test expects of a series.
 *
 * @param of A run that was found in a repository; one that this script has logged and finished; or the values themselves.
 * @param name The whole key of a series, its last part, or a glob of either, such as `loss`; of values what messages call them.
 */
export function expectSeries(of: Run | WrittenRun | ArrayLike<number>, name = "values"): SeriesExpectation {
  const read = "length" in of
    ? () => Promise.resolve({ steps: Array.from(of, (_, at) => at), values: Array.from(of) })
    : async () => await (await import("./series_values.ts")).seriesOfRun(of, name);
  return new SeriesExpectation(read, name);
}
