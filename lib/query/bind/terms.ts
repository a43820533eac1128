import { QueryError } from "../result/query_error.ts";
import type { Core, Expression, OrderTerm } from "../sql/tree.ts";
import type { BindContext } from "./scope/context.ts";
import { bindExpression } from "./expression/expression.ts";
import type { BoundOutput } from "./output.ts";
import { keyOf, keyOfOutput } from "./scope/expression_identity.ts";
import type { Scope } from "./scope/scope.ts";

/** A SELECT of a compound whose columns are known. */
export interface OrderedCore {
  readonly core: Core;
  readonly scope: Scope;
  readonly outputs: readonly BoundOutput[];
}

/** Binds ORDER BY of a single SELECT: an alias goes first, then a number, then what the tables have. */
export function bindOrder(
  context: BindContext,
  { scope, outputs }: OrderedCore,
  terms: readonly OrderTerm[],
): void {
  terms.forEach(({ expression }) => {
    const bare = withoutCollation(expression);
    const index = byName(outputs, bare) ?? ordinal(context, bare, outputs.length, "ORDER BY");
    bindTerm(context, scope, outputs, expression, index);
  });
}

/** Binds GROUP BY: a number, or an expression in which columns go before aliases. */
export function bindGroups(
  context: BindContext,
  scope: Scope,
  outputs: readonly BoundOutput[],
  terms: readonly Expression[],
): void {
  for (const term of terms) {
    bindTerm(context, scope, outputs, term, ordinal(context, withoutCollation(term), outputs.length, "GROUP BY"));
  }
}

function bindTerm(
  context: BindContext,
  scope: Scope,
  outputs: readonly BoundOutput[],
  term: Expression,
  index: number | undefined,
): void {
  if (index !== undefined) {
    context.terms.set(term, { kind: "output", index });
    return;
  }
  bindExpression(context, scope, term);
  const same = sameOutput(context, outputs, term);
  context.terms.set(term, same === undefined ? { kind: "expression" } : { kind: "output", index: same });
}

/** Binds ORDER BY of a compound: each term must be a column of one of its SELECTs, which are looked through in order. */
export function bindCompoundOrder(
  context: BindContext,
  cores: readonly OrderedCore[],
  terms: readonly OrderTerm[],
): void {
  const width = cores[0].outputs.length;
  for (const { expression } of terms) {
    const bare = withoutCollation(expression);
    let index = ordinal(context, bare, width, "ORDER BY");
    for (const core of cores) index ??= byName(core.outputs, bare) ?? byMeaning(context, core, bare);
    if (index === undefined) {
      const names = cores[0].outputs.map(({ column }) => column.name).join(", ");
      const written = context.sql.slice(expression.start, expression.end);
      context.fail(`Cannot order a compound by "${written}": it is not one of its columns, ${names}`, expression);
    }
    context.terms.set(expression, { kind: "output", index });
  }
}

function byMeaning(context: BindContext, { scope, outputs }: OrderedCore, term: Expression): number | undefined {
  if (keyOf(context, term) === undefined) return undefined;
  try {
    bindExpression(context, scope, term);
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
  const key = keyOf(context, term);
  const index = keysOf(context, outputs).indexOf(key);
  return index < 0 ? undefined : index;
}

function byName(outputs: readonly BoundOutput[], term: Expression): number | undefined {
  if (term.kind !== "name" || term.parts.length > 1) return undefined;
  const name = term.parts[0].text.toLowerCase();
  const index = outputs.findIndex(({ called }) => called?.toLowerCase() === name);
  return index < 0 ? undefined : index;
}

/** The last column that is the same, as SQLite takes it of a single SELECT; of a compound it takes the first. */
function sameOutput(context: BindContext, outputs: readonly BoundOutput[], term: Expression): number | undefined {
  const key = keyOf(context, term);
  if (key === undefined) return undefined;
  const index = keysOf(context, outputs).lastIndexOf(key);
  return index < 0 ? undefined : index;
}

/** What the columns of an answer are compared by, made once for all terms. */
function keysOf(context: BindContext, outputs: readonly BoundOutput[]): readonly (string | undefined)[] {
  let keys = context.outputKeys.get(outputs);
  if (keys === undefined) {
    keys = outputs.map(({ column }) => keyOfOutput(context, column));
    context.outputKeys.set(outputs, keys);
  }
  return keys;
}

/** The column that a number stands for; TRUE and numbers beyond 32 bits do not stand for a column. */
function ordinal(context: BindContext, term: Expression, width: number, clause: string): number | undefined {
  const number = integerOf(term);
  if (number === undefined) return undefined;
  if (number < 1 || number > width) {
    const found = width === 1 ? "there is 1 column" : `there are ${width} columns`;
    context.fail(`Cannot use column ${number} in ${clause}: ${found}`, term);
  }
  return number - 1;
}

function integerOf(term: Expression): number | undefined {
  if (term.kind === "unary" && (term.op === "-" || term.op === "+")) {
    const number = integerOf(term.operand);
    return number === undefined ? undefined : term.op === "-" ? -number : number;
  }
  if (term.kind !== "literal" || typeof term.value !== "bigint" || term.word !== undefined) return undefined;
  return BigInt.asIntN(32, term.value) === term.value ? Number(term.value) : undefined;
}

function withoutCollation(term: Expression): Expression {
  return term.kind === "collate" ? withoutCollation(term.operand) : term;
}
