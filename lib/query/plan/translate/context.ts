import type { BoundQuery, Instance } from "../../bind/bound.ts";
import type { Value } from "../../values/value.ts";
import type { Query, Span } from "../../sql/tree.ts";
import type { Facts } from "../facts.ts";
import type { Plan, Scalar, Unsupported } from "../plan.ts";
import { NULL } from "../scalars.ts";
import type { Scope } from "./scope.ts";

/** What all parts of a translation share. It goes on after what it cannot translate, and remembers why it could not. */
export class PlanContext {
  readonly refusals: Unsupported[] = [];
  readonly #shared = new Map<Query, Plan>();
  #ids = 0;

  constructor(
    readonly bound: BoundQuery,
    readonly parameters: Readonly<Record<string, Value>>,
    readonly facts: Facts,
    /** Plans a query within the query. */
    readonly planOfQuery: (query: Query) => Plan,
    /** Makes a query that depends on the row a join of the rows of a scope. */
    readonly attach: (scope: Scope, query: Query, as: "value" | "exists") => Scalar,
  ) {}

  /** Notes that SQLite has to run this; the scalar only holds the place. */
  refuse(reason: string, { start }: Pick<Span, "start">): Scalar {
    this.refusals.push({ kind: "unsupported", reason, start });
    return NULL;
  }

  /** The plan of a common table: one that is named more than once is run once. */
  common(query: Query, plan: () => Plan): Plan {
    let known = this.#shared.get(query);
    if (known === undefined) {
      const uses = this.bound.instances.filter(({ source }) =>
        source.kind === "query" && source.query === query
      ).length;
      known = plan();
      if (uses > 1) known = { kind: "shared", id: this.#ids++, input: known };
      this.#shared.set(query, known);
    }
    return known;
  }

  instanceOf(from: Instance["from"]): Instance {
    const instance = this.bound.instanceOf.get(from);
    if (instance === undefined) throw new Error("a FROM item has no instance");
    return instance;
  }
}
