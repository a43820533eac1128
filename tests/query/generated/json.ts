import type { Chooser, Scope } from "./scope.ts";

/** Paths that lead somewhere in the columns of JSON. */
export type JsonPaths = readonly string[];

export const PATHS: JsonPaths = [
  ...["$", "$.lr", "$.seed", "$.model", "$.opt", "$.opt.name", "$.opt.betas[1]", "$[0]", "$.big", "$.loss", "$.deep"],
  ...["$.deep.list[1]", "$.deep.list[#-1]", '$.deep."a.b"', "$.branch", "$.nothing", "$.params.lr"],
];

/** A function of JSON, over a column of JSON where there is one. */
export function jsonOf(choose: Chooser, scope: Scope, paths: JsonPaths): string {
  const hasJson = scope.own.some(({ columns }) => columns.some(({ type }) => type === "json"));
  const json = hasJson ? guarded(choose, scope) : `'{"lr":1,"deep":{"list":[1,2.5,"x",null]}}'`;
  const path = `'${choose.pick(paths)}'`;
  const key = `'${choose.pick(["lr", "seed", "opt", "loss", "deep"])}'`;
  return choose.pick([
    `json_extract(${json}, ${path})`,
    `json_extract(${json}, ${path})`,
    `json_type(${json}, ${path})`,
    `(${json} -> ${path})`,
    `(${json} ->> ${path})`,
    `(${json} ->> ${key})`,
    `json_array_length(${json}, ${path})`,
    `json_valid(${choose.column(scope)})`,
    `json_quote(${choose.column(scope, "text", "number", "whole")})`,
    `json_extract(${json}, ${path}, '$.seed')`,
    `json_set(${json}, '$.x', ${choose.column(scope, "text", "number")})`,
    `json_object('a', ${choose.column(scope, "text", "whole")}, 'b', ${path})`,
    `json_array(${choose.column(scope, "text", "whole")}, 1.5, NULL)`,
    `json_extract('{"a":[1,2.5,"x",null]}', '$.a[${choose.below(4)}]')`,
    `length(${json})`,
  ]);
}

/** A text that is JSON: the column picked may be one of another type. */
function guarded(choose: Chooser, scope: Scope): string {
  const own = scope.own.filter(({ columns }) => columns.some(({ type }) => type === "json"));
  return choose.column({ ...scope, own: [choose.pick(own)], outer: [] }, "json");
}
