import type { BoundColumn, BoundQuery, Instance } from "../../bind/bound.ts";
import { type FromNames, instancesOf, type Match, matchesIn } from "../../bind/from_names.ts";
import type { From, Join } from "../../sql/tree.ts";

/** What USING or NATURAL compares: what a name is on the left side of a join, and on the right one. */
export type JoinPair = readonly [left: Match, right: Match];

/** The pairs of columns that USING and NATURAL make equal. */
export function joinPairs(bound: BoundQuery, join: Join): readonly JoinPair[] {
  const [left, right] = [fromNames(bound, join.left), fromNames(bound, join.right)];
  return sharedNames(join, left, right).map((name) => {
    const [[before], [behind]] = [matchesOf(bound, left, name), matchesOf(bound, right, name)];
    return [before, behind];
  });
}

/** A FROM as names see it, once it is bound. */
export function fromNames(bound: BoundQuery, from: From): FromNames {
  if (from.kind !== "join") return { kind: "instance", instance: bound.instanceOf.get(from)! };
  const [left, right] = [fromNames(bound, from.left), fromNames(bound, from.right)];
  return { kind: "join", join: from.join, left, right, merged: new Set(sharedNames(from, left, right)) };
}

/** In small letters. */
function sharedNames({ using, natural }: Join, left: FromNames, right: FromNames): readonly string[] {
  if (using !== undefined) return using.map(({ text }) => text.toLowerCase());
  if (!natural) return [];
  const [before, behind] = [namesOf(left), namesOf(right)];
  return [...behind].filter((name) => before.has(name));
}

function namesOf(from: FromNames): Set<string> {
  return new Set(instancesOf(from).flatMap(({ columns }) => columns.map(({ name }) => name.toLowerCase())));
}

/** Shown columns go before those that are found by name only. */
function matchesOf(bound: BoundQuery, from: FromNames, name: string): readonly Match[] {
  const named = (columns: readonly BoundColumn[] | undefined): BoundColumn | undefined =>
    columns?.find((column) => column.name.toLowerCase() === name);
  const shown = matchesIn(from, name, (instance: Instance) => named(instance.columns));
  return shown.length > 0 ? shown : matchesIn(from, name, (instance) => named(bound.used.get(instance)));
}
