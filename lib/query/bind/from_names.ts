import type { Join } from "../sql/tree.ts";
import type { BoundColumn, Instance, Reference } from "./bound.ts";

/** A FROM as names see it. */
export type FromNames =
  | { readonly kind: "instance"; readonly instance: Instance }
  | {
    readonly kind: "join";
    readonly join: Join["join"];
    readonly left: FromNames;
    readonly right: FromNames;
    /** The columns, in small letters, that USING or NATURAL makes one of. */
    readonly merged: ReadonlySet<string>;
  };

/** One thing that a name may mean: a column, or some that a join makes one of. */
export interface Match {
  readonly columns: readonly { readonly instance: Instance; readonly column: BoundColumn }[];
  readonly isCoalesced: boolean;
}

/**
 * What a name may mean in a FROM, as SQLite has it: of columns that a join makes one, an inner or left join gives the left one,
 * a right join the right one, a full join the first that is not NULL.
 *
 * @param name In small letters.
 */
export function matchesIn(
  from: FromNames,
  name: string,
  find: (instance: Instance) => BoundColumn | undefined,
): readonly Match[] {
  if (from.kind === "instance") {
    const column = find(from.instance);
    return column === undefined ? [] : [{ columns: [{ instance: from.instance, column }], isCoalesced: false }];
  }
  const left = matchesIn(from.left, name, find);
  const right = matchesIn(from.right, name, find);
  if (left.length === 0 || right.length === 0) return left.length === 0 ? right : left;
  if (!from.merged.has(name)) return [...left, ...right];
  if (left.length > 1 || right.length > 1) return from.join === "right" ? right : left;
  const [a, b] = [left[0], right[0]];
  if (from.join === "full") return [{ columns: [...a.columns, ...b.columns], isCoalesced: true }];
  if (from.join === "right") return b.isCoalesced ? right : [{ ...b, columns: [...b.columns, ...a.columns] }];
  return a.isCoalesced ? left : [{ ...a, columns: [...a.columns, ...b.columns] }];
}

/** The instances of a FROM, from the left. */
export function instancesOf(from: FromNames | undefined): readonly Instance[] {
  if (from === undefined) return [];
  return from.kind === "instance" ? [from.instance] : [...instancesOf(from.left), ...instancesOf(from.right)];
}

/** What a match is as a reference. */
export function referenceOfMatch({ columns, isCoalesced }: Match, isOuter: boolean): Reference {
  return columns.length === 1 ? { kind: "column", ...columns[0], isOuter } : { kind: "merged", columns, isCoalesced };
}
