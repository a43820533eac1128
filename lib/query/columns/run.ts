import { Yielder } from "../../base/yielder.ts";
import type { AggregateName, AggregatePlan, Plan } from "../plan/plan.ts";
import { widthOf } from "../plan/plans.ts";
import type { ScanReport, TableReader } from "../plan/table_reader.ts";
import { concat } from "./operators/concat.ts";
import type { OperatorContext } from "./operators/context.ts";
import { filter } from "./operators/filter.ts";
import { limit } from "./operators/limit.ts";
import { project } from "./operators/project.ts";
import { scan } from "./operators/scan.ts";
import { sort } from "./operators/sort.ts";
import { values } from "./operators/values.ts";
import { Subplans } from "./subplans.ts";
import type { Batch } from "../vectors/vector.ts";

/** How to run a plan. */
export interface RunOptions {
  /** Ends the run. */
  readonly signal?: AbortSignal;
  /** Receives what the scans looked at. */
  readonly report?: ScanReport;
  /** Called by each operator when it begins and for each batch that it gives; a test throws there. */
  readonly inject?: (operator: string) => void;
}

/**
 * Runs a plan over columns. The rows are those of SQLite; what was not planned for throws `Fallback`, before or after the
 * first batch.
 */
export function runPlan(plan: Plan, reader: TableReader, options: RunOptions = {}): AsyncIterable<Batch> {
  return new Run(reader, options).batches(plan);
}

const OF_ANY_ORDER: ReadonlySet<AggregateName> = new Set(["count", "min", "max", "median"]);

/**
 * Whether the order of rows does not show in aggregates of them. It shows in what keys of 1 and 1.0 are shown as, in columns
 * beside min and max, and in the last digits of sums.
 */
function takesAnyOrder({ keys, aggregates }: AggregatePlan): boolean {
  return keys.length === 0 && aggregates.every(({ name, rowOf }) => OF_ANY_ORDER.has(name) && rowOf === undefined);
}

/** One run of a plan with all that is within it. */
class Run {
  readonly #subplans = new Subplans((plan, isOrderFree) => this.batches(plan, isOrderFree));
  readonly #context: OperatorContext;
  /** What plans gave that stand at several places. */
  readonly #shared = new Map<number, Promise<readonly Batch[]>>();

  constructor(readonly reader: TableReader, readonly options: RunOptions) {
    this.#context = { scalars: this.#subplans, yielder: new Yielder(options.signal) };
  }

  /** The batches of an operator; none is empty. `isOrderFree`: the order of the rows does not matter. */
  async *batches(plan: Plan, isOrderFree = false): AsyncGenerator<Batch> {
    const { inject } = this.options;
    const { yielder } = this.#context;
    await yielder.checkpoint();
    inject?.(plan.kind);
    await this.#subplans.prepare(plan);
    for await (const batch of await this.#operator(plan, isOrderFree)) {
      if (yielder.shouldYield) await yielder.checkpoint();
      inject?.(plan.kind);
      if (batch.count > 0) yield batch;
    }
  }

  /** The large operators are loaded where a plan has them: a process that asks one question needs few. */
  async #operator(plan: Plan, isOrderFree: boolean): Promise<AsyncIterable<Batch> | Iterable<Batch>> {
    const context = this.#context;
    switch (plan.kind) {
      case "scan": {
        const { signal, report } = this.options;
        return scan(plan, this.reader, context.scalars, { signal, report });
      }
      case "values":
        return values(plan);
      case "filter":
        return filter(plan, this.batches(plan.input, isOrderFree), context);
      case "project":
        return project(plan, this.batches(plan.input, isOrderFree), context);
      case "aggregate": {
        const { aggregate } = await import("./operators/aggregate.ts");
        return aggregate(plan, this.batches(plan.input, takesAnyOrder(plan)), context, isOrderFree);
      }
      case "distinct": {
        const [{ distinct }, { Groups }] = await Promise.all([
          import("./operators/distinct.ts"),
          import("./operators/groups/groups.ts"),
        ]);
        return distinct(new Groups(widthOf(plan)), this.batches(plan.input));
      }
      case "sort":
        return sort(plan, widthOf(plan), this.batches(plan.input), context);
      case "limit":
        return limit(plan, this.batches(plan.input));
      case "concat":
        return concat(plan.inputs.map((input) => this.batches(input)));
      case "compound": {
        const { compound } = await import("./operators/compound.ts");
        return compound(plan, widthOf(plan), this.batches(plan.left), this.batches(plan.right), isOrderFree);
      }
      case "shared":
        return this.#sharedBatches(plan.id, plan.input);
      case "join": {
        const isHalf = plan.join === "semi" || plan.join === "anti";
        const { join } = await import("./operators/join.ts");
        return join(
          plan,
          this.batches(plan.left, isOrderFree),
          this.batches(plan.right, isHalf || isOrderFree),
          context,
        );
      }
      case "window": {
        const { window } = await import("./operators/window.ts");
        return window(plan, this.batches(plan.input), context);
      }
    }
  }

  /** Runs the plan at its first use. */
  async *#sharedBatches(id: number, plan: Plan): AsyncGenerator<Batch> {
    let batches = this.#shared.get(id);
    if (batches === undefined) this.#shared.set(id, batches = Array.fromAsync(this.batches(plan)));
    yield* await batches;
  }
}
