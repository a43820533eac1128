import type { Expression, Query } from "../sql/tree.ts";
import { childrenOf } from "../sql/walk.ts";
import type { Affinity, BoundColumn, BoundQuery, OutputColumn, Reference } from "./bound.ts";

type Collation = BoundColumn["collation"];

/** What the types of expressions follow from. */
type Known = Pick<BoundQuery, "references" | "cores">;

/** The affinity that an expression has in a comparison: columns, CAST and queries have one. */
export function affinityOf(known: Known, expression: Expression): Affinity {
  switch (expression.kind) {
    case "name":
      return affinityOfReference(known, known.references.get(expression));
    case "collate":
      return affinityOf(known, expression.operand);
    case "cast":
      return affinityOfType(expression.type);
    case "subquery":
      return firstColumn(known, expression.query)?.affinity ?? "none";
    case "row":
      return affinityOf(known, expression.items[0]);
    default:
      return "none";
  }
}

export function affinityOfReference(known: Known, reference: Reference | undefined): Affinity {
  if (reference?.kind === "item") return affinityOf(known, reference.item.expression);
  return columnOf(reference)?.affinity ?? "none";
}

/** The column whose value a reference is, as it is. */
export function columnOf(reference: Reference | undefined): BoundColumn | undefined {
  if (reference?.kind === "column") return reference.column;
  return reference?.kind === "merged" && !reference.isCoalesced ? reference.columns[0].column : undefined;
}

/** Of a compound SQLite takes the last SELECT here. */
export function firstColumn({ cores }: Known, { first, rest }: Query): OutputColumn | undefined {
  return cores.get(rest.at(-1)?.core ?? first)?.output[0];
}

/** The collation that an expression says or has; undefined: none, which is BINARY. */
export function collationOf(known: Known, expression: Expression): Collation | undefined {
  switch (expression.kind) {
    case "name": {
      const reference = known.references.get(expression);
      if (reference?.kind === "item") return collationOf(known, reference.item.expression);
      return columnOf(reference)?.collation;
    }
    case "collate":
      return expression.collation.text.toUpperCase() as Collation;
    case "cast":
      return collationOf(known, expression.operand);
    case "unary":
      return expression.op === "+" ? collationOf(known, expression.operand) : saidWithin(expression);
    default:
      return saidWithin(expression);
  }
}

/** The first COLLATE within an expression, which goes for the whole of it. */
function saidWithin(expression: Expression): Collation | undefined {
  if (expression.kind === "subquery" || expression.kind === "exists") return undefined;
  for (const child of childrenOf(expression)) {
    if (child.kind === "query") continue;
    const part = child as Expression;
    const collation = part.kind === "collate" ? part.collation.text.toUpperCase() as Collation : saidWithin(part);
    if (collation !== undefined) return collation;
  }
}

/** What a type that CAST names is. */
export function affinityOfType(type: string): Affinity {
  const upper = type.toUpperCase();
  if (upper.includes("INT")) return "integer";
  if (/CHAR|CLOB|TEXT/.test(upper)) return "text";
  if (upper.includes("BLOB") || upper.trim() === "") return "none";
  return /REAL|FLOA|DOUB/.test(upper) ? "real" : "numeric";
}

/** Whether an expression has the affinity of a column, even if it is not a column. */
export function isColumn(known: Known, expression: Expression): boolean {
  switch (expression.kind) {
    case "name":
      return isColumnReference(known, known.references.get(expression));
    case "collate":
      return isColumn(known, expression.operand);
    case "cast":
      return true;
    case "subquery": {
      const first = firstColumn(known, expression.query);
      return first !== undefined && isColumnOutput(known, first);
    }
    case "row":
      return isColumn(known, expression.items[0]);
    default:
      return false;
  }
}

function isColumnReference(known: Known, reference: Reference | undefined): boolean {
  if (reference?.kind === "item") return isColumn(known, reference.item.expression);
  const column = columnOf(reference);
  return column !== undefined && column.isComputed !== true;
}

/** The same of a column of an answer. */
export function isColumnOutput(known: Known, { expression, reference }: OutputColumn): boolean {
  return expression === undefined ? isColumnReference(known, reference) : isColumn(known, expression);
}

/** Whether a column of an answer may give numbers or texts, as SQLite guesses it. */
export function mayBe(
  known: Known,
  expression: Expression | undefined,
  affinity: Affinity,
): { readonly number: boolean; readonly text: boolean } {
  switch (expression?.kind) {
    case undefined:
    case "name":
    case "subquery":
    case "cast":
    case "row":
      return { number: affinity !== "text", text: affinity === "text" || affinity === "none" };
    case "collate":
      return mayBe(known, expression.operand, affinity);
    case "unary":
      return expression.op === "+"
        ? mayBe(known, expression.operand, affinityOf(known, expression.operand))
        : { number: true, text: false };
    case "literal": {
      if (expression.word?.startsWith("CURRENT")) return { number: true, text: true };
      const { value } = expression;
      return { number: typeof value === "number" || typeof value === "bigint", text: typeof value === "string" };
    }
    case "binary":
      return expression.op === "||" ? { number: false, text: true } : {
        number: true,
        text: expression.op.startsWith("->"),
      };
    case "parameter":
    case "call":
      return { number: true, text: true };
    case "case": {
      const results = [...expression.branches.map(({ then }) => then), ...some(expression.otherwise)];
      const kinds = results.map((result) => mayBe(known, result, affinityOf(known, result)));
      return { number: kinds.some(({ number }) => number), text: kinds.some(({ text }) => text) };
    }
    default:
      return { number: true, text: false };
  }
}

function some<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
