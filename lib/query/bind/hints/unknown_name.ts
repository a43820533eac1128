import { didYouMean } from "../../../base/suggest.ts";
import { QueryError } from "../../result/query_error.ts";
import type { NameExpression } from "../../sql/tree.ts";
import type { BindContext } from "../context.ts";
import { instancesOf } from "../from_names.ts";
import type { Scope } from "../scope.ts";

/** A name that names nothing. */
export function unknownName(context: BindContext, scope: Scope, name: NameExpression): QueryError {
  const written = context.sql.slice(name.start, name.end);
  const last = name.parts.at(-1)!.text;
  const names: string[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    names.push(...instancesOf(at.from).flatMap(({ columns }) => columns.map((column) => column.name)));
  }
  const hint = didYouMean(last, names);
  return new QueryError(`Cannot find the column ${quoted(written)}${hint}`, context.sql, name.start);
}

function quoted(written: string): string {
  return written.startsWith('"') ? written : `"${written}"`;
}
