import { nearest } from "../../../base/suggest.ts";
import { tableOf } from "../../schema/tables.ts";
import type { Instance } from "../bound.ts";
import { elsewhere } from "./elsewhere.ts";

/** `e.kind` where FROM has nothing that is called `e`. */
export function hintOfQualifier(
  [first, ...rest]: readonly string[],
  instances: readonly Instance[],
): string {
  const table = tableOf(first);
  const renamed = instances.find(({ source }) => source.kind === "table" && source.table === table);
  if (renamed !== undefined) {
    return `: ${first} is called ${renamed.name} here; write ${renamed.name}.${rest.join(".")}`;
  }
  const other = elsewhere(rest, instances, first);
  if (other !== undefined && (table === undefined || other.includes(`JOIN ${table.name} `))) return other;
  if (table !== undefined) return `: FROM lacks ${table.name}`;
  const names = instances.map(({ name }) => name).filter((name) => name !== "");
  if (names.length === 0) return `: nothing in FROM is called "${first}"`;
  const near = nearest(first, names);
  return near === undefined
    ? `: nothing in FROM is called "${first}", only ${names.join(", ")}`
    : `; did you mean "${[near, ...rest].join(".")}"?`;
}
