import { nearest } from "../../../base/suggest.ts";
import type { Instance } from "../bound.ts";
import { nameOfPart } from "../scope/table_columns.ts";

/** What other trackers call the families. */
const OTHER_FAMILIES: Readonly<Record<string, string>> = {
  ...{ config: "params", hparams: "params", hyperparams: "params", hp: "params", args: "params", parameters: "params" },
  ...{ metadata: "meta", environ: "env", environment: "env", vcs: "git", payload: "data", event: "data" },
};

/** `param.lr`, where `params.lr` is meant. */
export function hintOfFamily(
  texts: readonly string[],
  instances: readonly Instance[],
  before = "",
): string | undefined {
  const [first, ...path] = texts;
  const families = instances.flatMap(({ source }) =>
    source.kind === "table" ? [...source.table.families, ...source.table.hiddenFamilies ?? []] : []
  );
  const other = OTHER_FAMILIES[first.toLowerCase()];
  const family = families.includes(other) ? other : nearest(first, families);
  if (family !== undefined) return `; did you mean "${before}${nameOfPart(family, path)}"?`;
  const holder = instances.find(({ source, columns }) =>
    source.kind !== "table" && columns.some(({ name }) => name.toLowerCase() === first.toLowerCase())
  );
  if (holder === undefined) return undefined;
  const keys = path.map((key) => `'${key.replaceAll("'", "''")}'`).join(" ->> ");
  return `; "${first}" is a text of JSON here: write ${before}${first} ->> ${keys}, or select "${
    texts.join(".")
  }" within`;
}
