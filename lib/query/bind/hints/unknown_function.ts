import { didYouMean } from "../../../base/suggest.ts";
import { QueryError } from "../../result/query_error.ts";
import type { Call } from "../../sql/tree.ts";
import type { BindContext } from "../scope/context.ts";
import { functionNames } from "../scope/function_signatures.ts";

/** What has no such series is NULL too. */
const NAN = `… IS NULL; of a series: "last:loss" IS NULL AND "count:loss" > 0`;

/** What users of other databases and of pandas write, and what to write here. */
const INSTEAD: Readonly<Record<string, string>> = {
  ...{ mean: "avg", average: "avg", std: "stddev", stdev: "stddev", stddev_samp: "stddev", std_dev: "stddev" },
  ...{ var: "variance", var_samp: "variance", var_pop: "variance_pop", std_pop: "stddev_pop" },
  ...{ len: "length", char_length: "length", strlen: "length", nunique: "count(DISTINCT …)" },
  ...{ n_unique: "count(DISTINCT …)", approx_count_distinct: "count(DISTINCT …)", size: "count(*)" },
  ...{ quantile: "percentile_cont", quantile_cont: "percentile_cont", quantile_disc: "percentile_disc" },
  ...{ nvl: "ifnull", isnull: "… IS NULL", greatest: "max", least: "min", ceiling: "ceil", power: "pow" },
  ...{ now: "unixepoch() * 1000", getdate: "datetime('now')" },
  ...{ today: "date('now')", to_timestamp: "datetime(ts / 1000, 'unixepoch')" },
  ...{ date_trunc: "strftime('%Y-%m-%d', ts / 1000, 'unixepoch')", epoch_ms: "datetime(ts / 1000, 'unixepoch')" },
  ...{ date_format: "strftime('%Y-%m-%d', ts / 1000, 'unixepoch')", from_unixtime: "datetime(…, 'unixepoch')" },
  ...{ datediff: "(a - b) / 86400000", date_diff: "(a - b) / 86400000", age: "age_ms of experiments" },
  ...{
    listagg: "group_concat",
    array_agg: "json_group_array",
    list: "json_group_array",
    collect_list: "json_group_array",
  },
  ...{ json_agg: "json_group_array", json_object_agg: "json_group_object", unnest: "json_each in FROM" },
  ...{ contains: "instr(text, part) > 0", strpos: "instr", position: "instr(text, part)", locate: "instr(text, part)" },
  ...{ starts_with: "… GLOB 'start*'", startswith: "… GLOB 'start*'", ends_with: "… GLOB '*end'" },
  ...{ endswith: "… GLOB '*end'", regexp_matches: "GLOB or LIKE", regexp_like: "GLOB or LIKE", split_part: "substr" },
  ...{ arg_max: "max(…) beside the column", argmax: "max(…) beside the column", max_by: "max(…) beside the column" },
  ...{ arg_min: "min(…) beside the column", argmin: "min(…) beside the column", min_by: "min(…) beside the column" },
  ...{ idxmax: "max(…) beside the column", idxmin: "min(…) beside the column", any_value: "max" },
  ...{ first: "first_value(…) OVER (…)", last: "last_value(…) OVER (…)", shift: "lag(…) OVER (…)" },
  ...{ cumsum: "sum(…) OVER (ORDER BY …)", rolling_mean: "avg(…) OVER (ORDER BY … ROWS 9 PRECEDING)" },
  ...{ tostring: "CAST(… AS TEXT)", str: "CAST(… AS TEXT)", to_char: "printf", try_cast: "CAST(… AS …)" },
  ...{ json_value: "json_extract", get_json_object: "json_extract", jsonb_extract_path: "json_extract" },
  ...{ isnan: NAN, is_nan: NAN, log1p: "ln(1 + …)", clip: "min(max(…, low), high)" },
  ...{ mode: "count(*) with GROUP BY and ORDER BY", typeof_: "typeof", string_split: "json_each in FROM" },
};

/** A function that is not there. */
export function unknownFunction(context: BindContext, { name, start }: Call): QueryError {
  const lower = name.text.toLowerCase();
  const instead = Object.hasOwn(INSTEAD, lower) ? INSTEAD[lower] : undefined;
  const hint = instead === undefined
    ? didYouMean(name.text, functionNames())
    : /^\w+$/.test(instead)
    ? `; did you mean "${instead}"?`
    : `; write ${instead}`;
  return new QueryError(`Cannot find the function "${name.text}"${hint}`, context.sql, start);
}
