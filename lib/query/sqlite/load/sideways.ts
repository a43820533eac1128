import type { BoundColumn, BoundQuery, Instance } from "../../bind/bound.ts";
import type { Expression, From } from "../../sql/tree.ts";
import { joinPairs } from "./join_pairs.ts";

/** Rows of an instance matter only if a column of theirs is among the values of a column of another. */
export interface Sideways {
  readonly from: Instance;
  readonly values: BoundColumn;
  readonly column: BoundColumn;
}

/** The tables whose rows are few, and say which of the others matter. */
const DIMENSIONS: readonly string[] = ["experiments", "runs"];

/**
 * What a join with experiments or runs says about the rows of an instance of another table: an equality of texts that every row
 * of the FROM must meet, or that the ON of a left join asks of its right side.
 */
export function sidewaysOf(bound: BoundQuery, instance: Instance): readonly Sideways[] {
  if (isDimension(instance)) return [];
  const { select } = instance;
  const found: Sideways[] = [];
  const add = (a: Place | undefined, b: Place | undefined, isLeft: boolean): void => {
    if (a === undefined || b === undefined) return;
    const [own, other] = a.instance === instance ? [a, b] : [b, a];
    if (own.instance !== instance || !isDimension(other.instance) || other.instance.select !== select) return;
    if (!isLeft && (instance.mayBeMissing || other.instance.mayBeMissing)) return;
    if ([own, other].some(({ column }) => column.affinity !== "text" || column.collation !== "BINARY")) return;
    found.push({ from: other.instance, values: other.column, column: own.column });
  };
  const look = (condition: Expression | undefined, isLeft: boolean): void => {
    if (condition?.kind !== "binary") return;
    if (condition.op === "AND") {
      look(condition.left, isLeft);
      look(condition.right, isLeft);
    } else if (condition.op === "=") add(placeOf(bound, condition.left), placeOf(bound, condition.right), isLeft);
  };
  look(select.where, false);
  const lookAtJoins = (from: From | undefined): void => {
    if (from?.kind !== "join") return;
    const isLeft = from.join === "left" && from.right === instance.from;
    if (isLeft || from.join === "inner" || from.join === "cross") {
      look(from.on, isLeft);
      for (const [left, right] of joinPairs(bound, from)) {
        // Others than the first are equal to it wherever there is a row, which is enough for an inner join.
        const same = left.isCoalesced ? [] : isLeft ? left.columns.slice(0, 1) : left.columns;
        for (const one of same) add(one, right.columns[0], isLeft);
      }
    }
    lookAtJoins(from.left);
    lookAtJoins(from.right);
  };
  lookAtJoins(select.from);
  return found;
}

type Place = { readonly instance: Instance; readonly column: BoundColumn };

function placeOf(bound: BoundQuery, expression: Expression): Place | undefined {
  const reference = expression.kind === "name" ? bound.references.get(expression) : undefined;
  return reference?.kind === "column" ? reference : undefined;
}

function isDimension({ source }: Instance): boolean {
  return source.kind === "table" && DIMENSIONS.includes(source.table.name);
}
