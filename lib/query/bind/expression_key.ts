import type { BoundColumn, BoundQuery, Instance, Reference } from "./bound.ts";
import type { Expression } from "../sql/tree.ts";

/** Which column of which instance: two names of the same column have the same one. */
export function columnKey(instance: Instance, column: BoundColumn): string {
  return `${instance.id}:${columnId(instance, column)}`;
}

function columnId({ source, columns }: Instance, column: BoundColumn): string {
  if (source.kind !== "table") {
    const at = columns.indexOf(column);
    return String(at >= 0 ? at : columns.findIndex(({ name }) => name.toLowerCase() === column.name.toLowerCase()));
  }
  return JSON.stringify([column.column ?? column.name.toLowerCase(), ...column.path ?? []]);
}

/** A text that two expressions share only if they mean the same, wherever their names point. */
export function expressionKey(bound: BoundQuery, expression: Expression): string {
  const seen = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(seen);
    if (typeof node === "bigint") return { bigint: String(node) };
    if (typeof node === "number") return { number: Object.is(node, -0) ? "-0" : String(node) };
    if (node instanceof Uint8Array) return { hex: node.toHex() };
    if (typeof node !== "object" || node === null) return node;
    if ("kind" in node && node.kind === "name") {
      const reference = bound.references.get(node as Expression & { kind: "name" });
      return reference === undefined ? node : referenceKey(reference, seen);
    }
    if ("kind" in node && node.kind === "query") {
      const { start, end } = node as { kind: string; start: number; end: number };
      return `query ${bound.sql.slice(start, end)}`;
    }
    if ("text" in node && "quote" in node) return String(node.text).toLowerCase();
    const entries = Object.entries(node).filter(([name]) => name !== "start" && name !== "end" && name !== "raw");
    return Object.fromEntries(entries.map(([name, value]) => [name, seen(value)]));
  };
  return JSON.stringify(seen(expression));
}

function referenceKey(reference: Reference, seen: (node: unknown) => unknown): unknown {
  switch (reference.kind) {
    case "column":
      return `column ${columnKey(reference.instance, reference.column)}`;
    case "merged": {
      const keys = reference.columns.map(({ instance, column }) => columnKey(instance, column));
      return reference.isCoalesced ? `merged ${keys.join()}` : `column ${keys[0]}`;
    }
    case "item":
      return seen(reference.item.expression);
    case "text":
      return seen({ kind: "literal", value: reference.value });
  }
}

/** The key of what a `*` stands for, as that of the name would be. */
export function keyOfReference(bound: BoundQuery, reference: Reference): string {
  const key = referenceKey(reference, (node) => expressionKey(bound, node as Expression));
  return reference.kind === "column" || reference.kind === "merged" ? JSON.stringify(key) : String(key);
}
