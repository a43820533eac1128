import type { BoundQuery, Reference } from "../../../lib/query/bind/bound.ts";
import { printExpression, type PrintHooks, printQuery } from "../../../lib/query/sql/print.ts";
import { quoteName, quoteText } from "../../../lib/query/sql/quote.ts";
import type { Expression, From, Item, NameExpression, Select, Star } from "../../../lib/query/sql/tree.ts";

/**
 * A query in which SQLite has nothing left to find out: every table has a name of its own, every column is named with it,
 * aliases in expressions and terms and every `*` are written out. A SELECT may have one `*`.
 */
export function canonical(bound: BoundQuery): string {
  const called = (id: number) => `instance_${id}`;
  const print = (node: Expression): string => printExpression(node, hooks);
  const ofReference = (reference: Reference): string => {
    switch (reference.kind) {
      case "column":
        return `${called(reference.instance.id)}.${quoteName(reference.column.name)}`;
      case "merged": {
        const parts = reference.columns.map((it) => `${called(it.instance.id)}.${quoteName(it.column.name)}`);
        return reference.isCoalesced ? `coalesce(${parts.join(", ")})` : parts[0];
      }
      case "item":
        return `(${print(reference.item.expression)})`;
      case "text":
        return quoteText(reference.value);
    }
  };
  const bare = new Set<From>();
  const from: PrintHooks["from"] = (node, printFrom) => {
    if (node.kind === "join" || bare.has(node)) return undefined;
    const plain = { ...node, alias: undefined };
    bare.add(plain);
    return `${printFrom(plain)} AS ${called(bound.instanceOf.get(node)!.id)}`;
  };
  const item = (node: Item | Star, select: Select): string => {
    const { output } = bound.cores.get(select)!;
    const around = bound.instances.find(({ source }) => source.kind === "query" && source.query.first === select);
    const position = select.items.indexOf(node);
    const star = select.items.findIndex(({ kind }) => kind === "star");
    const wide = output.length - select.items.length;
    const start = position + (star >= 0 && star < position ? wide : 0);
    return output.slice(start, start + (node.kind === "star" ? wide + 1 : 1)).map((column, at) => {
      const text = column.expression === undefined ? ofReference(column.reference!) : print(column.expression);
      return around === undefined ? text : `${text} AS ${quoteName(around.columns[start + at].name)}`;
    }).join(", ");
  };
  const term = (node: Expression): string => {
    const meaning = bound.terms.get(node);
    if (meaning?.kind !== "output") return print(node);
    return String(meaning.index + 1) + (node.kind === "collate" ? ` COLLATE ${node.collation.text}` : "");
  };
  const name = (node: NameExpression) => ofReference(bound.references.get(node)!);
  const hooks: PrintHooks = { name, from, item, term };
  return printQuery(bound.tree, hooks);
}
