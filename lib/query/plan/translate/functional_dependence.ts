import type { BoundColumn, Instance, Reference } from "../../bind/bound.ts";
import type { Expression, From, Select } from "../../sql/tree.ts";
import { conjunctsOfExpression } from "../../sql/children.ts";
import type { PlanContext } from "./context.ts";
import { columnKey } from "../../bind/expression_key.ts";
import { instancesOf, pairsOf } from "./from.ts";

/**
 * Which columns are the same in a whole group, because the keys say which experiment, run or series it is of.
 *
 * Condition: ids are unique where nothing but an id is a key; columns that a join makes equal are one. The ON of an outer
 * join counts only if it says nothing else.
 */
export function functionallyDetermined(
  context: PlanContext,
  select: Select,
  keys: readonly Reference[],
): (reference: Reference) => boolean {
  const instances = context.bound.cores.get(select)?.instances ?? [];
  const known = new Set(keys.flatMap(placeOf));
  const equal: Equality[] = [];
  if (select.from !== undefined) collect(context, select.from, equal);
  for (const condition of conjunctsOfExpression(select.where)) equal.push(...equalityOf(context, condition));
  // To find these out costs something: they are asked last.
  const { facts } = context;
  const whole = new Set<Instance>();
  const own = (instance: Instance, column: string) => columnKey(instance, { column } as BoundColumn);
  for (let before = -1; before !== known.size + whole.size;) {
    before = known.size + whole.size;
    for (const [a, b, isOneWay] of equal) {
      if (known.has(a)) known.add(b);
      if (known.has(b) && !isOneWay) known.add(a);
    }
    for (const instance of instances) {
      if (instance.source.kind !== "table") continue;
      const { name } = instance.source.table;
      const has = (column: string) => known.has(own(instance, column));
      const hasExperiment = has("exp") || name === "experiments" && has("id");
      if (name === "experiments" && hasExperiment && (has("repo") || facts.uniqueExperiments)) whole.add(instance);
      if (name === "runs" && has("run") && facts.uniqueRuns) whole.add(instance);
      const isOfRun = ["points", "metrics", "events", "files", "logs"].includes(name);
      if (isOfRun && has("run") && facts.uniqueRuns) {
        ["exp", "repo"].forEach((column) => known.add(own(instance, column)));
      }
      if (name !== "experiments" && hasExperiment && facts.uniqueExperiments) known.add(own(instance, "repo"));
      if ((name === "points" || name === "metrics") && has("series")) {
        ["event", "key"].forEach((column) => known.add(own(instance, column)));
      }
      if (!whole.has(instance)) continue;
      for (const column of ["repo", "exp", ...name === "experiments" ? ["id"] : ["run"]]) {
        known.add(own(instance, column));
      }
    }
  }
  return (reference) => {
    if (reference.kind === "merged" && reference.isCoalesced) return false;
    const place = reference.kind === "merged"
      ? reference.columns[0]
      : reference.kind === "column"
      ? reference
      : undefined;
    if (place === undefined) return false;
    return whole.has(place.instance) || known.has(columnKey(place.instance, place.column));
  };
}

/** Two columns; of an outer join the second may be NULL although the first is not, and then does not say what the first is. */
type Equality = readonly [from: string, to: string, isOneWay?: boolean];

function placeOf(reference: Reference): string[] {
  if (reference.kind === "column") return [columnKey(reference.instance, reference.column)];
  if (reference.kind !== "merged" || reference.isCoalesced) return [];
  return [columnKey(reference.columns[0].instance, reference.columns[0].column)];
}

function collect(context: PlanContext, from: From, equal: Equality[]): void {
  if (from.kind !== "join" || from.join === "right" || from.join === "full") return;
  collect(context, from.left, equal);
  collect(context, from.right, equal);
  const isOneWay = from.join === "left";
  for (const [a, b] of pairsOf(context, from)) equal.push([columnKey(...a), columnKey(...b), isOneWay]);
  const conditions = conjunctsOfExpression(from.on);
  const found = conditions.map((condition) => equalityOf(context, condition));
  if (!isOneWay) equal.push(...found.flat());
  else if (found.every((pairs) => pairs.length > 0)) {
    const behind = new Set(instancesOf(context, from.right).map(({ id }) => String(id)));
    const isBehind = (key: string) => behind.has(key.slice(0, key.indexOf(":")));
    for (const [a, b] of found.flat()) {
      if (isBehind(b) && !isBehind(a)) equal.push([a, b, true]);
      else if (isBehind(a) && !isBehind(b)) equal.push([b, a, true]);
    }
  }
}

/** The columns that an equality says to be one: of texts, whose equality is sameness. */
function equalityOf({ bound }: PlanContext, condition: Expression): Equality[] {
  if (condition.kind !== "binary" || condition.op !== "=") return [];
  const { left, right } = condition;
  if (left.kind !== "name" || right.kind !== "name") return [];
  if (bound.affinities(left) !== "text" || bound.affinities(right) !== "text") return [];
  const [a, b] = [left, right].map((name) => {
    const reference = bound.references.get(name);
    return reference?.kind === "column" && !reference.isOuter ? placeOf(reference)[0] : undefined;
  });
  return a === undefined || b === undefined ? [] : [[a, b]];
}
