import { QueryError } from "../../result/query_error.ts";
import type { Core, Expression, From, NameExpression, Query, Span } from "../../sql/tree.ts";
import type { BoundColumn, BoundCore, Instance, Reference, TermMeaning } from "../bound.ts";
import type { CommonTableExpression, CommonTableExpressions, Level, Scope } from "./scope.ts";
import type { TableColumns } from "./table_columns.ts";

/** Where a query stands. */
export interface BindEnvironment {
  readonly level: Level | undefined;
  readonly outer: Scope | undefined;
  readonly commons: CommonTableExpressions | undefined;
  /** The SELECT in whose FROM it stands. */
  readonly beside?: Scope;
  /** The common table that it makes. */
  readonly common?: CommonTableExpression;
}

/** Deviations from how a query is bound. */
export interface BindOptions {
  /**
   * Whether a name in double quotes that names nothing is a text, as in conditions that people write in a shell. Otherwise, as
   * in the runtime's SQLite, it is an error.
   */
  readonly doubleQuotedTexts?: boolean;
}

/** What all parts of the binder share: the tables beside the tree, as they are filled. */
export class BindContext {
  readonly references = new Map<NameExpression, Reference>();
  readonly cores = new Map<Core, BoundCore>();
  readonly instances: Instance[] = [];
  readonly instanceOf = new Map<From, Instance>();
  readonly used = new Map<Instance, BoundColumn[]>();
  readonly terms = new Map<Expression, TermMeaning>();
  readonly outerReferences = new Map<Query, NameExpression[]>();
  readonly aggregates = new Set<Expression>();
  /** Where each name was found. */
  readonly scopes = new Map<NameExpression, Scope>();
  /** The columns of instances of tables. */
  readonly tables = new Map<Instance, TableColumns>();

  /** By what the columns of answers are compared with terms. */
  readonly outputKeys = new Map<readonly unknown[], readonly (string | undefined)[]>();

  constructor(
    readonly sql: string,
    readonly options: BindOptions,
    /** Binds a query within the query. */
    readonly bindQuery: (query: Query, surroundings: BindEnvironment) => void,
  ) {}

  fail(message: string, { start }: Pick<Span, "start">): never {
    throw new QueryError(message, this.sql, start);
  }

  /** Notes an instance. */
  add(instance: Omit<Instance, "id">, scope: Scope): Instance {
    const added = { ...instance, id: this.instances.length };
    this.instances.push(added);
    scope.instances.push(added);
    this.instanceOf.set(added.from, added);
    this.used.set(added, []);
    return added;
  }

  /** Notes that the query reads a column. */
  use(instance: Instance, column: BoundColumn): void {
    const known = this.used.get(instance)!;
    if (!known.includes(column)) known.push(column);
  }

  useAll(reference: Reference | undefined): void {
    if (reference?.kind === "column") this.use(reference.instance, reference.column);
    if (reference?.kind === "merged") reference.columns.forEach(({ instance, column }) => this.use(instance, column));
  }

  /** Notes a name that was found in a scope around the one that it stands in, for all queries that it reaches out of. */
  reachOut(name: NameExpression, from: Level, to: Level): void {
    for (let level: Level | undefined = from; level !== undefined && level !== to; level = level.parent) {
      const names = this.outerReferences.get(level.query);
      if (names !== undefined && !names.includes(name)) names.push(name);
    }
  }
}
