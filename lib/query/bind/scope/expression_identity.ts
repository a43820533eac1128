import type { Expression } from "../../sql/tree.ts";
import type { Instance, Reference } from "../bound.ts";
import type { BindContext } from "./context.ts";

type Known = Pick<BindContext, "references">;

/** A text that two bound expressions share only if they are the same to SQLite; undefined: it is like no other. */
export function keyOf(known: Known, expression: Expression): string | undefined {
  let isComparable = true;
  const seen = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(seen);
    if (typeof node === "bigint") return ["integer", String(node)];
    if (typeof node === "number") return ["real", Object.is(node, -0) ? "-0" : String(node)];
    if (node instanceof Uint8Array) return ["blob", node.toHex()];
    if (typeof node !== "object" || node === null) return node;
    if ("kind" in node && node.kind === "query") isComparable = false;
    if ("kind" in node && node.kind === "name") return keyOfReference(known, known.references.get(node as never));
    if ("text" in node && "quote" in node) return String(node.text).toLowerCase();
    const parts = Object.entries(node).filter(([name]) => name !== "start" && name !== "end" && name !== "raw");
    return parts.map(([name, value]) => [name, seen(value)]);
  };
  const key = JSON.stringify(seen(expression));
  return isComparable ? key : undefined;
}

/** The same for what a `*` shows. */
export function keyOfOutput(
  known: Known,
  { expression, reference }: { readonly expression: Expression | undefined; readonly reference: Reference | undefined },
): string | undefined {
  return expression === undefined ? JSON.stringify(keyOfReference(known, reference)) : keyOf(known, expression);
}

function keyOfReference(known: Known, reference: Reference | undefined): unknown {
  switch (reference?.kind) {
    case undefined:
      return ["unknown"];
    case "column":
      return columnKey(reference);
    case "merged":
      return reference.isCoalesced ? ["merged", reference.columns.map(columnKey)] : columnKey(reference.columns[0]);
    case "text":
      return ["text", reference.value];
    case "item": {
      const key = keyOf(known, reference.item.expression);
      return key === undefined ? ["item", reference.item.start] : JSON.parse(key);
    }
  }
}

function columnKey(
  { instance, column }: { readonly instance: Instance; readonly column: Instance["columns"][number] },
) {
  return ["column", instance.id, column.name, column.column, column.path];
}
