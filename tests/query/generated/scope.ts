import type { Random } from "../../format/random.ts";
import { type Column, columnMark, QUOTES, type Relation } from "./tables.ts";

/** What an expression may name, and how much it may cost. */
export interface Scope {
  readonly own: readonly Relation[];
  /** Relations of the queries around. */
  readonly outer: readonly Relation[];
  /** How often the expression is computed, about. */
  readonly times: number;
  /** How many queries are around it. */
  readonly depth: number;
}

/** How much a query may cost: rows of a FROM, pairs that a join looks at, rows of a window whose frames are looked at in whole. */
export interface Limits {
  readonly rows: number;
  readonly pairs: number;
  readonly window: number;
}

/** For tables of thousands of rows. */
export const USUAL: Limits = { rows: 20_000, pairs: 150_000, window: 1000 };
/** For tables of ten thousands of rows, of which an operator gets several batches. */
export const GREAT: Limits = { rows: 60_000, pairs: 200_000, window: 1000 };

/** Chooses at random. */
export class Chooser {
  constructor(readonly random: Random) {}

  pick<T>(items: readonly T[]): T {
    return items[this.random.below(items.length)];
  }

  chance(p: number): boolean {
    return this.random.next() < p;
  }

  below(limit: number): number {
    return this.random.below(limit);
  }

  /** A column of a relation as it stands in the query. */
  named(relation: Relation, column: Column): string {
    const isBare = relation.bare?.has(column.name) === true && this.chance(0.3);
    const how = this.chance(0.05) ? this.pick(QUOTES) : "";
    return columnMark(isBare ? "" : relation.alias, column.name, how);
  }

  /** Any column, now and then of a query around; of one of the types if there is such. */
  column({ own, outer }: Scope, ...types: readonly Column["type"][]): string {
    const isOuter = own.length === 0 || outer.length > 0 && this.chance(0.1);
    const relation = this.pick(isOuter ? outer : own);
    const fitting = relation.columns.filter(({ type }) => types.includes(type));
    const column = this.pick(fitting.length > 0 ? fitting : relation.columns);
    return isOuter ? columnMark(relation.alias, column.name) : this.named(relation, column);
  }

  /** The columns that tell the rows of some relations apart. */
  ids(relations: readonly Relation[]): string[] {
    return relations.flatMap(({ alias, ids }) => ids.map((name) => columnMark(alias, name)));
  }
}

/** The relations of a FROM, knowing which of their columns may stand alone. */
export function withBareNames(
  relations: readonly Relation[],
  reserved: (of: Relation) => readonly string[],
): Relation[] {
  const lower = relations.map((of) => new Set([...reserved(of), ...of.columns.map(({ name }) => name)]));
  return relations.map((relation, at) => {
    const names = relation.columns.map(({ name }) => name);
    // A part of JSON stands alone where its column does.
    const isAlone = (name: string) => lower.every((names, other) => other === at || !names.has(name.split(".")[0]));
    return { ...relation, bare: new Set(names.filter(isAlone)) };
  });
}

/** How a term of ORDER BY goes on. */
export const DIRECTIONS = ["", "", " DESC", " ASC", " NULLS LAST", " DESC NULLS FIRST"];
