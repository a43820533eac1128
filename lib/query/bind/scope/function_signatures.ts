import { SCALAR_FUNCTIONS } from "../../functions/all.ts";

/** What a function takes, and where it may stand. */
export interface Signature {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** `window`: only with OVER; aggregates may have one. */
  readonly kind: "scalar" | "aggregate" | "window";
}

/** Functions as `name:arguments`; `1-3` is a range, `2+` has no end. */
function read(kind: Signature["kind"], text: string): Signature[] {
  return text.trim().split(/\s+/).map((one) => {
    const [name, counts] = one.split(":");
    const [least, most] = counts.endsWith("+") ? [parseInt(counts), Infinity] : counts.split("-").map(Number);
    return { name, least, most: most ?? least, kind };
  });
}

/** Those of SQLite that only read values, besides the ones with code of their own. */
const BUILT_IN = read(
  "scalar",
  `abs:1 changes:0 char:0+ coalesce:2+ concat:1+ concat_ws:2+ date:0+
  datetime:0+ format:0+ glob:2 hex:1 if:2+ ifnull:2 iif:2+ instr:2 json:1 json_array:0+ json_array_insert:0+
  json_array_length:1-2 json_error_position:1 json_extract:0+ json_insert:0+ json_object:0+ json_patch:2 json_pretty:1-2
  json_quote:1 json_remove:0+ json_replace:0+ json_set:0+ json_type:1-2 json_valid:1-2 jsonb:1 jsonb_array:0+
  jsonb_array_insert:0+ jsonb_extract:0+ jsonb_insert:0+ jsonb_object:0+ jsonb_patch:2 jsonb_remove:0+ jsonb_replace:0+
  jsonb_set:0+ julianday:0+ last_insert_rowid:0 length:1 like:2-3 likelihood:2 likely:1 lower:1 ltrim:1-2 max:2+ min:2+
  nullif:2 octet_length:1 printf:0+ quote:1 random:0 randomblob:1 replace:3 round:1-2 rtrim:1-2 sign:1 soundex:1
  sqlite_source_id:0 sqlite_version:0 strftime:0+ substr:2-3 substring:2-3 subtype:1 time:0+ timediff:2 total_changes:0
  trim:1-2 typeof:1 unhex:1-2 unicode:1 unistr:1 unistr_quote:1 unixepoch:0+ unlikely:1 upper:1 zeroblob:1`,
);

const AGGREGATES = read(
  "aggregate",
  `avg:1 count:0-1 group_concat:1-2 json_group_array:1 json_group_object:2 jsonb_group_array:1 jsonb_group_object:2 max:1
  median:1 min:1 percentile:2 percentile_cont:2 percentile_disc:2 stddev:1 stddev_pop:1 string_agg:2 sum:1 total:1
  variance:1 variance_pop:1`,
);

const WINDOWS = read(
  "window",
  `cume_dist:0 dense_rank:0 first_value:1 lag:1-3 last_value:1 lead:1-3 nth_value:2 ntile:1 percent_rank:0 rank:0
  row_number:0`,
);

const FUNCTIONS = new Map<string, Signature[]>();
const given = [...SCALAR_FUNCTIONS.values()].map((one): Signature => ({ ...one, kind: "scalar" }));
for (const one of [...given, ...BUILT_IN, ...AGGREGATES, ...WINDOWS]) {
  FUNCTIONS.set(one.name, [...FUNCTIONS.get(one.name) ?? [], one]);
}

/** The functions of a name in small letters: none, or those that take different numbers of arguments. */
export function signaturesOf(name: string): readonly Signature[] {
  return FUNCTIONS.get(name) ?? [];
}

export function functionNames(): Iterable<string> {
  return FUNCTIONS.keys();
}
