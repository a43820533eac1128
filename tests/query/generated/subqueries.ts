import { aggregateOf, overAggregates } from "./aggregates.ts";
import type { Expressions } from "./expressions.ts";
import type { Froms } from "./from.ts";
import { type Chooser, DIRECTIONS, type Scope } from "./scope.ts";
import { columnMark } from "./tables.ts";

/** Rows that all runs of a query within a query look at, together. */
const MAX_WORK = 100_000;

/** Queries that stand in expressions. */
export class Subqueries {
  constructor(
    readonly choose: Chooser,
    readonly froms: () => Froms,
    readonly expressions: () => Expressions,
    /** Of a FROM, at most. */
    readonly rows: number,
  ) {}

  get #make(): Expressions {
    return this.expressions();
  }

  /** One value. */
  value(scope: Scope): string {
    const { choose } = this;
    const inner = this.#inner(scope);
    if (inner === undefined) return `(${this.#make.literal()})`;
    const { from, own, link } = inner;
    if (choose.chance(0.7)) return `(SELECT ${overAggregates(this.#make, own)} FROM ${from}${link})`;
    const of = this.#make.any(own, 1);
    const offset = choose.chance(0.3) ? " OFFSET 1" : "";
    return `(SELECT ${of} FROM ${from}${link} ORDER BY 1${choose.pick(DIRECTIONS)} LIMIT 1${offset})`;
  }

  /** Rows of so many values, in parentheses. */
  set(scope: Scope, width: number): string {
    const inner = this.#inner(scope);
    if (inner === undefined) return `(SELECT ${Array.from({ length: width }, () => this.#make.literal()).join(", ")})`;
    const { from, own, link } = inner;
    const items = Array.from({ length: width }, () => this.#make.any({ ...own, outer: [] }, 1));
    return `(SELECT ${items.join(", ")} FROM ${from}${link})`;
  }

  /** One row of so many values, in parentheses. */
  row(scope: Scope, width: number): string {
    const inner = this.#inner(scope);
    if (inner === undefined) return `(SELECT ${Array.from({ length: width }, () => this.#make.literal()).join(", ")})`;
    const { from, own, link } = inner;
    const items = Array.from({ length: width }, () => aggregateOf(this.#make, own));
    return `(SELECT ${items.join(", ")} FROM ${from}${link})`;
  }

  /** What a query within another reads; undefined where it would cost too much. */
  #inner(
    scope: Scope,
  ): { readonly from: string; readonly own: Scope; readonly link: string } | undefined {
    const { choose } = this;
    if (scope.depth >= 2) return undefined;
    const isLinked = choose.chance(0.5);
    const most = Math.min(this.rows, MAX_WORK / Math.max(1, isLinked ? scope.times : 1));
    if (most < 20) return undefined;
    const outside = isLinked ? [...scope.own, ...scope.outer] : [];
    const around: Scope = { own: [], outer: outside, times: scope.times, depth: scope.depth + 1 };
    const { sql, relations, rows } = this.froms().of({ common: [], around, most, mayJoin: choose.chance(0.2) });
    if (rows > most) return undefined;
    const hidden = new Set(relations.map(({ alias }) => alias));
    const outer = outside.filter(({ alias }) => !hidden.has(alias));
    const own: Scope = { own: relations, outer, times: scope.times * rows, depth: scope.depth + 1 };
    return { from: sql, own, link: this.#link(own, isLinked) };
  }

  #link(scope: Scope, isLinked: boolean): string {
    const { choose } = this;
    const more = choose.chance(0.4) ? this.#make.condition(scope, 1) : undefined;
    if (!isLinked || scope.outer.length === 0) return more === undefined ? "" : ` WHERE ${more}`;
    const [inner, of] = [scope.own[0], choose.pick(scope.outer)];
    const shared = inner.columns.filter(({ name }) => of.columns.some((it) => it.name === name));
    if (shared.length === 0) return more === undefined ? "" : ` WHERE ${more}`;
    const { name } = choose.pick(shared);
    const [a, b] = [columnMark(inner.alias, name), columnMark(of.alias, name)];
    const equal = `${a} ${choose.pick(["=", "=", "=", "IS", "<"])} ${b}`;
    return ` WHERE ${equal}${more === undefined ? "" : ` AND ${more}`}`;
  }
}
