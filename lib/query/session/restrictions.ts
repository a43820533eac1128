import type { BoundQuery, Instance, Reference } from "../bind/bound.ts";
import type { Value } from "../values/value.ts";
import type { Expression, From, Select } from "../sql/tree.ts";
import type { SnapshotRestriction } from "../snapshot/needs.ts";

/** The ids to which the rows of an instance may be narrowed: a row of no other id changes the answer. */
interface Narrow {
  readonly experiments?: ReadonlySet<string>;
  readonly runs?: ReadonlySet<string>;
}

/** What a condition says of instances if it is to be true. */
type Narrowing = Map<Instance, Narrow>;

/**
 * The experiments and runs that a query names, where it names them for each of its tables: nothing else changes its
 * answer. Undefined if some table has to be looked at as a whole.
 *
 * A condition narrows an instance down where rows for which it is not true are left out of the answer: in WHERE; in ON
 * of an inner join; in ON of an outer join for the side that it may leave out. Equal ids carry over from one instance
 * to another, also into a subquery.
 */
export function restrictionsOf(
  bound: BoundQuery,
  parameters: Readonly<Record<string, Value>>,
): SnapshotRestriction | undefined {
  const tables = bound.instances.filter(({ source }) => source.kind === "table");
  if (tables.length === 0) return undefined;
  const finder = new Finder(bound, parameters);
  for (const { core } of bound.cores.values()) if (core.kind === "select") finder.select(core);
  finder.carryOver();
  const experiments = new Set<string>(), runs = new Set<string>();
  for (const instance of tables) {
    const narrow = finder.found.get(instance);
    if (narrow === undefined) return undefined;
    // One of the two is enough.
    if (narrow.experiments !== undefined) { for (const id of narrow.experiments) experiments.add(id); }
    else for (const id of narrow.runs!) runs.add(id);
  }
  return { experiments: [...experiments], runs: [...runs] };
}

/** An equation of two columns that hold the same sort of id. `into`: the instances for which it counts. */
interface Link {
  readonly a: Instance;
  readonly b: Instance;
  readonly of: "experiments" | "runs";
  readonly into: ReadonlySet<Instance>;
}

class Finder {
  readonly found: Narrowing = new Map();
  readonly #links: Link[] = [];

  constructor(readonly bound: BoundQuery, readonly parameters: Readonly<Record<string, Value>>) {}

  select(select: Select): void {
    const own = select.from === undefined ? [] : this.#from(select.from, hasCoalesced(select.from));
    this.#condition(select.where, new Set(own));
  }

  /** Follows equations until nothing more is found. */
  carryOver(): void {
    for (let isNew = true; isNew;) {
      isNew = false;
      for (const { a, b, of, into } of this.#links) {
        for (const [from, to] of [[a, b], [b, a]]) {
          const narrow = this.found.get(from);
          if (narrow === undefined || this.found.has(to) || !into.has(to)) continue;
          // Of an experiment that has one of the runs all is looked at, so those of runs hold for its id too. Not the other way
          // round: a run that was copied by hand stands in two experiments.
          if (of === "runs" && narrow.runs === undefined) continue;
          this.found.set(to, of === "runs" ? { runs: narrow.runs } : narrow);
          isNew = true;
        }
      }
    }
  }

  #from(from: From, isCoalesced: boolean): Instance[] {
    if (from.kind !== "join") {
      const instance = this.bound.instanceOf.get(from);
      return instance === undefined ? [] : [instance];
    }
    const left = this.#from(from.left, isCoalesced), right = this.#from(from.right, isCoalesced);
    // What an outer join keeps without a partner is not left out by its condition.
    const into = new Set([
      ...(["left", "full"].includes(from.join) ? [] : left),
      ...(["right", "full"].includes(from.join) ? [] : right),
    ]);
    this.#condition(from.on, into);
    const equal = from.using?.map(({ text }) => text.toLowerCase()) ?? (from.natural ? NATURAL : []);
    // A RIGHT or FULL join makes the first column that is not NULL of them.
    if (!isCoalesced) { for (const name of equal) this.#using(name, left, right, into); }
    return [...left, ...right];
  }

  /** A column that USING or NATURAL makes equal: that of the first table to the left which has it. */
  #using(name: string, left: readonly Instance[], right: readonly Instance[], into: ReadonlySet<Instance>): void {
    const [a, b] = [left, right].map((side) =>
      side.find(({ columns }) => columns.some((column) => column.name.toLowerCase() === name))
    );
    if (a === undefined || b === undefined) return;
    const [x, y] = [idOf(a, name), idOf(b, name)];
    if (x !== undefined && x === y) this.#links.push({ a, b, of: x, into });
  }

  #condition(condition: Expression | undefined, into: ReadonlySet<Instance>): void {
    if (condition === undefined) return;
    for (const [instance, narrow] of this.#narrowing(condition, into)) {
      this.found.set(instance, both(this.found.get(instance), narrow));
    }
    this.#equations(condition, into);
  }

  #equations(condition: Expression, into: ReadonlySet<Instance>): void {
    if (condition.kind !== "binary") return;
    const { op, left, right } = condition;
    if (op === "AND") {
      this.#equations(left, into);
      this.#equations(right, into);
    } else if (op === "=") {
      const [a, b] = [this.#idColumn(left), this.#idColumn(right)];
      if (a === undefined || b === undefined || a.of !== b.of || a.instance === b.instance) return;
      this.#links.push({ a: a.instance, b: b.instance, of: a.of, into });
    }
  }

  /** What must hold of each instance where a condition is true. */
  #narrowing(condition: Expression, into: ReadonlySet<Instance>): Narrowing {
    if (condition.kind === "binary" && (condition.op === "AND" || condition.op === "OR")) {
      const [a, b] = [this.#narrowing(condition.left, into), this.#narrowing(condition.right, into)];
      return condition.op === "AND" ? and(a, b) : or(a, b);
    }
    const [column, ids] = condition.kind === "binary" && condition.op === "="
      ? this.#equal(condition.left, condition.right)
      : condition.kind === "in" && !condition.not && condition.set.kind === "list"
      ? [this.#idColumn(condition.operand), this.#constants(condition.set.items)]
      : [undefined, undefined];
    if (column === undefined || ids === undefined || !into.has(column.instance)) return new Map();
    return new Map([[column.instance, { [column.of]: new Set(ids) }]]);
  }

  #equal(left: Expression, right: Expression): [IdColumn | undefined, readonly string[] | undefined] {
    const a = this.#idColumn(left);
    return a === undefined ? [this.#idColumn(right), this.#constants([left])] : [a, this.#constants([right])];
  }

  #idColumn(expression: Expression): IdColumn | undefined {
    return expression.kind === "name" ? idColumnOf(this.bound.references.get(expression)) : undefined;
  }

  /** Texts that are known before the query runs; undefined where one of them is not a text. */
  #constants(items: readonly Expression[]): string[] | undefined {
    const texts: string[] = [];
    for (const item of items) {
      const value = this.#constant(item);
      if (typeof value === "string") texts.push(value);
      else if (value !== null) return undefined; // NULL equals nothing.
    }
    return texts;
  }

  #constant(item: Expression): Value | undefined {
    if (item.kind === "literal") return item.value;
    if (item.kind === "parameter") return this.parameters[item.name];
    const reference = item.kind === "name" ? this.bound.references.get(item) : undefined;
    return reference?.kind === "text" ? reference.value : undefined;
  }
}

/** A column that holds ids. */
interface IdColumn {
  readonly instance: Instance;
  readonly of: "experiments" | "runs";
}

function idColumnOf(reference: Reference | undefined): IdColumn | undefined {
  if (reference?.kind === "merged") {
    return reference.isCoalesced ? undefined : idColumnOf({ kind: "column", ...reference.columns[0], isOuter: false });
  }
  if (reference?.kind !== "column") return undefined;
  const of = idOf(reference.instance, reference.column.column ?? reference.column.name);
  return of && { instance: reference.instance, of };
}

function hasCoalesced(from: From): boolean {
  if (from.kind !== "join") return false;
  return from.join === "right" || from.join === "full" || hasCoalesced(from.left) || hasCoalesced(from.right);
}

/** Columns of ids that a NATURAL join makes equal. */
const NATURAL = ["exp", "run"];

/** What a column of a table of the repository names. */
function idOf({ source }: Instance, name: string): IdColumn["of"] | undefined {
  if (source.kind !== "table") return undefined;
  const column = name.toLowerCase();
  if (column === "exp" || (column === "id" && source.table.name === "experiments")) return "experiments";
  if (source.table.name === "notes") return undefined; // The run of a note need not be there.
  return column === "run" || (column === "id" && source.table.name === "runs") ? "runs" : undefined;
}

/** Both hold. */
function both(a: Narrow | undefined, b: Narrow): Narrow {
  const meet = (x?: ReadonlySet<string>, y?: ReadonlySet<string>) => x === undefined ? y : y && x.intersection(y) || x;
  return { experiments: meet(a?.experiments, b.experiments), runs: meet(a?.runs, b.runs) };
}

function and(a: Narrowing, b: Narrowing): Narrowing {
  const all = new Map(a);
  for (const [instance, narrow] of b) all.set(instance, both(all.get(instance), narrow));
  return all;
}

/** One of the two holds: what both say of the same instance. */
function or(a: Narrowing, b: Narrowing): Narrowing {
  const all: Narrowing = new Map();
  for (const [instance, x] of a) {
    const y = b.get(instance);
    if (y === undefined) continue;
    const join = (of: "experiments" | "runs") => x[of] && y[of] && x[of].union(y[of]);
    const narrow = { experiments: join("experiments"), runs: join("runs") };
    if (narrow.experiments !== undefined || narrow.runs !== undefined) all.set(instance, narrow);
  }
  return all;
}
