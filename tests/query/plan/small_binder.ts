import type {
  Affinity,
  BoundColumn,
  BoundCore,
  BoundQuery,
  Instance,
  OutputColumn,
  Reference,
} from "../../../lib/query/bind/bound.ts";
import { parseQuery } from "../../../lib/query/sql/parse.ts";
import type { Expression, From, NameExpression, Query, Select } from "../../../lib/query/sql/tree.ts";
import { childrenOf, type Node } from "../../../lib/query/sql/walk.ts";
import { tableOf } from "../../../lib/query/tables/schema.ts";

/** Binds plain SELECTs of tables without aliases of columns, so that plans are tested apart from the binder. */
export function bindSmall(sql: string): BoundQuery {
  const tree = parseQuery(sql);
  const references = new Map<NameExpression, Reference>();
  const cores = new Map<Select, BoundCore>();
  const instances: Instance[] = [];
  const instanceOf = new Map<From, Instance>();
  const used = new Map<Instance, BoundColumn[]>();
  const outerReferences = new Map<Query, NameExpression[]>();
  const isAggregate = (it: Expression) =>
    it.kind === "call" && it.over === undefined && /^(count|sum|avg|min|max)$/.test(it.name.text);

  const bindQuery = (query: Query, outer: readonly (readonly Instance[])[]): void => {
    const select = query.first as Select;
    const own: Instance[] = [];
    const addFrom = (from: From): void => {
      if (from.kind === "join") {
        addFrom(from.left);
        addFrom(from.right);
      } else if (from.kind === "table") {
        const table = tableOf(from.name.text)!;
        const columns = table.columns.map(([name, type]): BoundColumn => ({
          name,
          column: name,
          affinity: affinityOf(type),
          collation: "BINARY",
        }));
        const name = from.alias?.text ?? from.name.text;
        const source = { kind: "table", table } as const;
        const instance = { id: instances.length, name, from, source, columns, mayBeMissing: false, select };
        instances.push(instance);
        own.push(instance);
        instanceOf.set(from, instance);
        used.set(instance, []);
      }
    };
    if (select.from !== undefined) addFrom(select.from);
    const scopes = [own, ...outer];
    const outerNames: NameExpression[] = [];
    outerReferences.set(query, outerNames);
    const visit = (node: Node): void => {
      if (node.kind === "name") {
        const found = resolve(node, scopes);
        if (found === undefined) throw new Error(`no ${node.parts.map(({ text }) => text).join(".")}`);
        const { instance, column, depth } = found;
        references.set(node, { kind: "column", instance, column, isOuter: depth > 0 });
        if (depth > 0) outerNames.push(node);
        const known = used.get(instance)!;
        if (!known.includes(column)) known.push(column);
      } else if (node.kind === "query") bindQuery(node, scopes);
      else childrenOf(node).forEach(visit);
    };
    childrenOf(select).forEach(visit);
    query.orderBy.forEach(({ expression }) => visit(expression));
    const output = select.items.flatMap((item): OutputColumn[] =>
      item.kind === "star" ? [] : [{
        name: item.alias?.text ?? sql.slice(item.start, item.end),
        expression: item.expression,
        reference: undefined,
        affinity: "none",
        collation: "BINARY",
        showsNaN: false,
      }]
    );
    const groups = select.groupBy.length > 0 ||
      select.items.some((item) => item.kind === "item" && has(item.expression));
    cores.set(select, { core: select, instances: own, output, isAggregate: groups });
  };
  const has = (it: Node): boolean => it.kind !== "query" && (isAggregate(it as Expression) || childrenOf(it).some(has));
  bindQuery(tree, []);
  const affinities = (it: Expression): Affinity => {
    const reference = it.kind === "name" ? references.get(it) : undefined;
    return reference?.kind === "column" ? reference.column.affinity : "none";
  };
  return {
    sql,
    tree,
    references,
    cores,
    instances,
    instanceOf,
    used,
    affinities,
    collations: () => "BINARY",
    terms: new Map(),
    outerReferences,
    output: cores.get(tree.first as Select)!.output,
    isAggregate,
  };
}

function resolve({ parts }: NameExpression, scopes: readonly (readonly Instance[])[]) {
  const [table, name] = parts.length > 1 ? [parts[0].text, parts[1].text] : [undefined, parts[0].text];
  for (const [depth, instances] of scopes.entries()) {
    for (const instance of instances) {
      if (table !== undefined && instance.name !== table) continue;
      const column = instance.columns.find((column) => column.name === name);
      if (column !== undefined) return { instance, column, depth };
    }
  }
}

function affinityOf(type: string): Affinity {
  return type === "TEXT" ? "text" : type === "INTEGER" ? "integer" : type === "REAL" ? "real" : "none";
}
