import { signaturesOf } from "../../query/bind/scope/function_signatures.ts";
import type { Node } from "../../query/sql/walk.ts";

/** The name of the aggregate that a node is, in small letters; undefined for anything else, such as `max(a, b)`. */
export function aggregateOf(node: Node): string | undefined {
  if (node.kind !== "call") return undefined;
  const name = node.name.text.toLowerCase();
  const count = node.star ? 0 : node.args.length;
  const isOne = signaturesOf(name).some(({ kind, least, most }) => {
    return kind === "aggregate" && least <= count && count <= most;
  });
  return isOne ? name : undefined;
}
