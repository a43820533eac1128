import type { Expressions } from "./expressions.ts";
import type { Scope } from "./scope.ts";

const COMPARISONS = [
  "=",
  "<>",
  "<",
  "<=",
  ">",
  ">=",
  "IS",
  "IS NOT",
  "==",
  "!=",
  "IS DISTINCT FROM",
  "IS NOT DISTINCT FROM",
];
const LIKE = [
  ...[
    "'%a%'",
    "'t_a%'",
    "'L%'",
    "'%.%'",
    "NULL",
    "'0.5'",
    "'%RÖ%'",
    "'\\%%' ESCAPE '\\'",
    "'t!_%' ESCAPE '!'",
    "'_%_'",
  ],
];
const GLOBS = ["'t*'", "'*[0-9]*'", "'?????'", "'[^a]*'", "'*/*'", "'*ö*'", "''"];
/** Longer than what would be compared one by one. */
const MANY = 10_000;

/** A condition over the relations of a scope. */
export function conditionOf(make: Expressions, scope: Scope, depth: number): string {
  const { choose } = make;
  const pick = choose.random.next();
  const value = () => make.any(scope, depth - 1);
  const not = () => choose.pick(["", "", "NOT "]);
  if (depth > 0 && pick < 0.2) {
    const [a, b] = [make.condition(scope, depth - 1), make.condition(scope, depth - 1)];
    return `(${a} ${choose.pick(["AND", "AND", "OR"])} ${b})`;
  }
  if (depth > 0 && pick < 0.25) return `NOT (${make.condition(scope, depth - 1)})`;
  if (pick < 0.55) return `${value()} ${choose.pick(COMPARISONS)} ${choose.chance(0.6) ? make.literal() : value()}`;
  if (pick < 0.62) {
    const bound = () => choose.chance(0.8) ? make.literal() : value();
    return `${value()} ${not()}BETWEEN ${bound()} AND ${bound()}`;
  }
  if (pick < 0.705) {
    const members = Array.from({ length: choose.below(4) }, () => choose.chance(0.8) ? make.literal() : value());
    return `${value()} ${not()}IN (${members.join(", ")})`;
  }
  if (pick < 0.708) return `${value()} ${not()}IN (${many(choose.below(3))})`;
  if (pick < 0.76) return `${choose.column(scope)} ${not()}LIKE ${choose.pick(LIKE)}`;
  if (pick < 0.8) return `${choose.column(scope, "text")} ${not()}GLOB ${choose.pick(GLOBS)}`;
  if (pick < 0.84) return `${value()} ${choose.pick(["IS NULL", "NOTNULL", "IS NOT NULL", "ISNULL", "NOT NULL"])}`;
  if (pick < 0.86) return `(${value()}) IS ${not()}${choose.pick(["TRUE", "FALSE"])}`;
  if (depth > 0 && pick < 0.9) return `${value()} ${not()}IN ${make.queries.set(scope, 1)}`;
  if (depth > 0 && pick < 0.92) return `${not()}EXISTS ${make.queries.set(scope, 1)}`;
  if (depth > 0 && pick < 0.935) return `(${value()}, ${value()}) ${not()}IN ${make.queries.set(scope, 2)}`;
  if (depth > 0 && pick < 0.945) {
    return `(${value()}, ${value()}) ${choose.pick(["=", "<", "IS"])} ${make.queries.row(scope, 2)}`;
  }
  return `(${value()}, ${value()}) ${choose.pick(["=", "<", "<>", ">=", "IS"])} (${make.literal()}, ${value()})`;
}

/** Whole numbers, texts, or both with fractions. */
function many(kind: number): string {
  const member = (at: number) =>
    kind === 0 ? `${at}` : kind === 1 ? `'w${at}'` : at % 2 === 0 ? `${at / 4}` : `'${at}'`;
  return Array.from({ length: MANY }, (_, at) => member(at)).join(",");
}
