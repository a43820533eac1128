import type { Expression, From, Item, NameExpression, Query, Select, Values } from "../sql/tree.ts";
import type { TableSpec } from "../schema/table_spec.ts";

/** SQLite's affinities of columns and expressions. `none` is what BLOB and columns without a type have. */
export type Affinity = "text" | "numeric" | "integer" | "real" | "none";

/** A column that a query can name. */
export interface BoundColumn {
  readonly name: string;
  readonly affinity: Affinity;
  readonly collation: "BINARY" | "NOCASE" | "RTRIM";
  /** Of a table of the repository: the column of its specification, and the keys below it for a part of JSON. */
  readonly column?: string;
  readonly path?: readonly string[];
  /** Where it may be shown as NaN: the value of a point or a statistic of a series as it is. */
  readonly showsNaN?: boolean;
  /** Computed by the query that gives it: compared as what has no affinity at all, not as a column without a type. */
  readonly isComputed?: boolean;
}

/** A table as it stands in a FROM. Two of one name are two instances. */
export interface Instance {
  readonly id: number;
  /** What it is called in the query: the alias, else the name. */
  readonly name: string;
  readonly from: From;
  readonly source:
    | { readonly kind: "table"; readonly table: TableSpec }
    /** A subquery or a common table; that of a recursive one is the common table that is being defined. */
    | { readonly kind: "query"; readonly query: Query; readonly common?: string; readonly isRecursive?: boolean }
    | { readonly kind: "function"; readonly name: string };
  /** The columns that `*` shows. Columns of JSON parts are added as the query names them, see `used`. */
  readonly columns: readonly BoundColumn[];
  /** An outer join may fill it with NULL. */
  readonly mayBeMissing: boolean;
  /** The SELECT in whose FROM it stands. */
  readonly select: Select;
}

/** What a name means. */
export type Reference =
  | { readonly kind: "column"; readonly instance: Instance; readonly column: BoundColumn; readonly isOuter: boolean }
  /** Columns that USING or NATURAL makes one of; the value is the first that is not NULL where the join is outer. */
  | {
    readonly kind: "merged";
    readonly columns: readonly { readonly instance: Instance; readonly column: BoundColumn }[];
    /** Whether a RIGHT or FULL join makes it a coalesce; else it is the first column. */
    readonly isCoalesced: boolean;
  }
  /** An alias of the SELECT. */
  | { readonly kind: "item"; readonly item: Item }
  /** A double-quoted name that names nothing. */
  | { readonly kind: "text"; readonly value: string };

/** A column of the answer of a query. */
export interface OutputColumn {
  readonly name: string;
  /** Undefined where a `*` made it: then `reference` says what it is. In VALUES and compounds, that of the first core. */
  readonly expression: Expression | undefined;
  readonly reference: Reference | undefined;
  readonly affinity: Affinity;
  readonly collation: BoundColumn["collation"];
  readonly showsNaN: boolean;
}

/** What a term of ORDER BY or GROUP BY stands for. */
export type TermMeaning =
  | { readonly kind: "expression" }
  /** A column of the answer, from 0: by number, by alias, or as the same expression. */
  | { readonly kind: "output"; readonly index: number };

/** The names of one SELECT or VALUES. */
export interface BoundCore {
  readonly core: Select | Values;
  readonly instances: readonly Instance[];
  readonly output: readonly OutputColumn[];
  /** Whether it groups: GROUP BY, HAVING, or an aggregate of its own. */
  readonly isAggregate: boolean;
}

/**
 * A query whose names are known: the tree as it was parsed, and tables beside it.
 *
 * Nodes are the keys, by identity.
 */
export interface BoundQuery {
  readonly sql: string;
  readonly tree: Query;
  readonly references: ReadonlyMap<NameExpression, Reference>;
  readonly cores: ReadonlyMap<Select | Values, BoundCore>;
  readonly instances: readonly Instance[];
  /** The instances of the FROM items, and the columns that the query reads of each instance, `*` included. */
  readonly instanceOf: ReadonlyMap<From, Instance>;
  readonly used: ReadonlyMap<Instance, readonly BoundColumn[]>;
  readonly affinities: (expression: Expression) => Affinity;
  readonly collations: (expression: Expression) => BoundColumn["collation"] | undefined;
  /** Terms of ORDER BY (of a query) and of GROUP BY (of a SELECT). */
  readonly terms: ReadonlyMap<Expression, TermMeaning>;
  /** Queries whose names reach out of them: the outer references, in order. Others may be run once. */
  readonly outerReferences: ReadonlyMap<Query, readonly NameExpression[]>;
  readonly output: readonly OutputColumn[];
  /** Whether a call is an aggregate here: `min(a, b)` is not, nor is a window function. */
  readonly isAggregate: (expression: Expression) => boolean;
}
