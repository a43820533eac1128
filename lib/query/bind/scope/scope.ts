import type { CommonTable, Item, NameExpression, Query, Select, Window } from "../../sql/tree.ts";
import type { BoundColumn, Instance } from "../bound.ts";
import type { FromNames } from "../from_names.ts";

/** A query that is being bound, and the one that it stands in. */
export interface Level {
  readonly query: Query;
  readonly parent: Level | undefined;
}

/** What calls may stand where an expression stands. */
export interface Place {
  readonly aggregates: boolean;
  readonly windows: boolean;
  /** For people: `in WHERE`. */
  readonly where: string;
}

/** A common table, as those see it that may name it. */
export interface CommonTableExpression {
  readonly table: CommonTable;
  /** The query whose WITH it stands in, and what that one sees of those around it. */
  readonly level: Level;
  readonly outer: Scope | undefined;
  readonly commons: CommonTableExpressions;
  /** Its columns, once it is bound. */
  columns?: readonly BoundColumn[];
  /** Why it cannot be named now: it is being bound. */
  refusal?: string;
}

/** The common tables that may be named, innermost WITH first. */
export interface CommonTableExpressions {
  readonly tables: readonly CommonTableExpression[];
  readonly outer: CommonTableExpressions | undefined;
}

/** What the names in a SELECT may mean. */
export class Scope {
  /** The tables of FROM; undefined: none. */
  from: FromNames | undefined;
  readonly instances: Instance[] = [];
  /** The columns of the answer that may be named by alias here. */
  aliases: readonly (Item & { readonly alias: NonNullable<Item["alias"]> })[] = [];
  place: Place = { aggregates: false, windows: false, where: "here" };
  /** The definitions of windows that are bound. */
  readonly windows = new Set<Window>();
  /** Whether an aggregate was met that is over the rows of this SELECT. */
  hasAggregate = false;

  constructor(
    readonly level: Level,
    readonly outer: Scope | undefined,
    readonly commons: CommonTableExpressions | undefined,
    readonly select: Select | undefined,
    /** The SELECT in whose FROM the query stands: nothing of it is seen. */
    readonly beside?: Scope,
  ) {}

  /** Runs something in another place. */
  within<T>(place: Place, run: () => T): T {
    const before = this.place;
    this.place = place;
    const result = run();
    this.place = before;
    return result;
  }
}

/** A name and the scope in which it was found. */
export interface Found {
  readonly name: NameExpression;
  readonly scope: Scope;
}
