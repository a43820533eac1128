import { SCALAR_FUNCTIONS } from "../../../lib/query/functions/all.ts";
import type { Scalar } from "../../../lib/query/plan/plan.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { randomValue } from "./random_columns.ts";
import type { Random } from "./random.ts";

/** Functions of SQLite without code of their own, and how many arguments they have. */
const OTHERS: readonly (readonly [name: string, count: number])[] = [
  ["hex", 1],
  ["quote", 1],
  ["unicode", 1],
  ["json_valid", 1],
  ["printf", 2],
  ["concat", 2],
  ["json_extract", 2],
  ["json_type", 1],
  ["date", 1],
];

const ARITHMETIC = ["+", "-", "*", "/", "%", "||", "&", "|", "<<", ">>"] as const;
const COMPARISONS = ["=", "<>", "<", "<=", ">", ">=", "is", "is not"] as const;
const CASTS = ["integer", "real", "text", "numeric", "blob"] as const;
const PATTERNS: readonly Value[] = ["a%", "%b%", "_", "a\\_%", "%", "[a-c]*", "*b*", "?", "1*", "1%", "ABC", null];
const PATHS: readonly Value[] = ["$.a", "$.b.c[1]", "a", "b", 0n, "$.b.c[#-1]", "$", null];

/** A scalar of at most so many levels over columns, whose declared types are given. */
export function randomScalar(random: Random, columns: readonly string[], height: number): Scalar {
  const part = (): Scalar => randomScalar(random, columns, height - 1);
  const constant = (value: Value): Scalar => ({ kind: "constant", value });
  if (height <= 0 || random.chance(0.15)) {
    if (random.chance(0.25)) return constant(randomValue(random));
    return { kind: "input", index: random.below(columns.length) };
  }
  switch (random.below(16)) {
    case 0:
    case 1:
    case 2:
      return { kind: "arithmetic", op: random.pick(ARITHMETIC), left: part(), right: part() };
    case 3:
    case 4:
      return comparison(random, columns, part);
    case 5:
      return {
        kind: random.pick(["and", "or"]),
        items: Array.from({ length: 2 + random.below(3) }, () => randomCondition(random, columns, height - 1)),
      };
    case 6:
      return { kind: random.pick(["not", "not", "negate", "bitNot"]), operand: part() };
    case 7:
      return { kind: "cast", to: random.pick(CASTS), operand: part() };
    case 8:
    case 9:
      return {
        kind: "case",
        branches: Array.from({ length: 1 + random.below(2) }, () => ({
          when: randomCondition(random, columns, height - 1),
          then: part(),
        })),
        otherwise: random.chance(0.3) ? constant(null) : part(),
      };
    case 10: {
      const values = Array.from({ length: 1 + random.below(random.pick([3, 30])) }, () => randomValue(random));
      return { kind: "in", operand: part(), set: { kind: "values", values } };
    }
    case 11: {
      const op = random.pick(["LIKE", "GLOB"] as const);
      const escape = op === "LIKE" && random.chance(0.2) ? constant("\\") : undefined;
      return { kind: "like", op, text: part(), pattern: constant(random.pick(PATTERNS)), escape };
    }
    case 13: {
      // What occurs twice is computed once.
      const left = part();
      const right = comparison(random, columns, () => random.chance(0.5) ? structuredClone(left) : part());
      return { kind: "arithmetic", op: random.pick(ARITHMETIC), left, right };
    }
    case 12: {
      const op = random.pick(["->", "->>"] as const);
      return { kind: "arithmetic", op, left: column(random, columns), right: constant(random.pick(PATHS)) };
    }
    default:
      return call(random, columns, part);
  }
}

/** A scalar that is more often one that is true or false. */
export function randomCondition(random: Random, columns: readonly string[], height: number): Scalar {
  if (height <= 0 || random.chance(0.3)) return randomScalar(random, columns, height);
  return comparison(random, columns, () => randomScalar(random, columns, height - 1));
}

function column(random: Random, columns: readonly string[]): Scalar {
  return { kind: "input", index: random.below(columns.length) };
}

/** A comparison; beside a column with a type the other side is converted. */
function comparison(random: Random, columns: readonly string[], part: () => Scalar): Scalar {
  const op = random.pick(COMPARISONS);
  const index = random.below(columns.length);
  if (columns[index] === "" || random.chance(0.4)) return { kind: "compare", op, left: part(), right: part() };
  const to = columns[index] === "TEXT" ? "text" : "numeric";
  const left: Scalar = { kind: "affinity", to, operand: part() };
  return { kind: "compare", op, left, right: { kind: "input", index } };
}

function call(random: Random, columns: readonly string[], part: () => Scalar): Scalar {
  if (random.chance(0.3)) {
    const [name, count] = random.pick(OTHERS);
    const args = Array.from({ length: count }, () => name.startsWith("json") ? column(random, columns) : part());
    if (name === "json_extract") args[1] = { kind: "constant", value: random.pick(PATHS) };
    if (name === "printf") args[0] = { kind: "constant", value: "%s" };
    return { kind: "call", name, args };
  }
  const { name, least, most } = random.pick([...SCALAR_FUNCTIONS.values()]);
  const count = least + random.below(Math.min(most, least + 2) - least + 1);
  return { kind: "call", name, args: Array.from({ length: count }, part) };
}
