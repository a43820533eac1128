import { conditionOf } from "./conditions.ts";
import { jsonOf, type JsonPaths } from "./json.ts";
import type { Chooser, Scope } from "./scope.ts";
import type { Subqueries } from "./subqueries.ts";

/** Values of all kinds, and such as are near a limit. */
const LITERALS = [
  ...[
    "0",
    "1",
    "2",
    "-1",
    "3",
    "0.5",
    "-0.125",
    "2.0",
    "1e300",
    "NULL",
    "'a'",
    "'0.5'",
    "'2'",
    "''",
    "'train'",
    "TRUE",
  ],
  ...["9007199254740993", "9223372036854775807", "-9223372036854775808", "0x10", "'10abc'", "x'61'", "1.5e1", "FALSE"],
  ...["'größer'", "'Small'", "' 3 '", "'0x10'", "1_000", "'2026-01-31'"],
  ...[":par1", ":par2", ":par3", "@par4", "$par5"],
];

/** The values of the parameters. */
export const PARAMETERS = { par1: 2, par2: "small", par3: null, par4: 0.5, par5: 9007199254740993n } as const;

const ARITHMETIC = ["+", "-", "*", "/", "%", "||", "&", "|", "<<", ">>"];
const UNARY = ["-", "+", "~", "- -"];
const FUNCTIONS_1 = [
  ...[
    "abs",
    "length",
    "lower",
    "upper",
    "typeof",
    "typeof",
    "hex",
    "trim",
    "sign",
    "quote",
    "unicode",
    "sqrt",
    "round",
  ],
  ...["ltrim", "octet_length", "likely", "char", "date"],
];
const FUNCTIONS_2 = [
  "coalesce",
  "nullif",
  "ifnull",
  "min",
  "max",
  "instr",
  "concat",
  "rtrim",
  "glob",
  "like",
  "substr",
];
const TYPES = ["INTEGER", "REAL", "TEXT", "NUMERIC", "VARCHAR(3)", "BLOB", "INT", "DOUBLE", "BOOLEAN"];
const TIMES = [
  ...["date(@/1000, 'unixepoch')", "datetime(@/1000, 'unixepoch')", "strftime('%Y-%m', @/1000, 'unixepoch')"],
  ...["strftime('%H:%M:%S', @ / 1000.0, 'unixepoch')", "date(@/1000, 'unixepoch', 'start of month', '+1 month')"],
  ...[
    "CAST(strftime('%s', @/1000, 'unixepoch') AS INTEGER)",
    "time(@/1000, 'unixepoch')",
    "julianday(@/1000, 'unixepoch')",
  ],
  ...["unixepoch(@/1000, 'unixepoch')"],
];

/** Expressions over the relations of a scope. */
export class Expressions {
  constructor(readonly choose: Chooser, readonly queries: Subqueries, readonly paths: JsonPaths) {}

  literal(): string {
    return this.choose.pick(LITERALS);
  }

  condition(scope: Scope, depth: number): string {
    return conditionOf(this, scope, depth);
  }

  /** Any value. */
  any(scope: Scope, depth: number): string {
    const { choose } = this;
    const pick = choose.random.next();
    if (depth <= 0 || pick < 0.35) return choose.chance(0.88) ? choose.column(scope) : `(${this.literal()})`;
    const inner = () => this.any(scope, depth - 1);
    if (pick < 0.48) return `(${inner()} ${choose.pick(ARITHMETIC)} ${inner()})`;
    if (pick < 0.58) return `${choose.pick(FUNCTIONS_1)}(${inner()})`;
    if (pick < 0.63) return this.#case(scope, depth);
    if (pick < 0.68) return `CAST(${inner()} AS ${choose.pick(TYPES)})`;
    if (pick < 0.73) return `${choose.pick(FUNCTIONS_2)}(${inner()}, ${inner()})`;
    if (pick < 0.76) return `round(${choose.column(scope, "number")}, ${choose.below(3)})`;
    if (pick < 0.79) return this.#text(scope);
    if (pick < 0.82) return `(${this.condition(scope, depth - 1)})`;
    if (pick < 0.86) return this.queries.value(scope);
    if (pick < 0.88) {
      return `(${choose.column(scope, "text")} COLLATE NOCASE ${choose.pick(["=", "<", "IS"])} ${
        choose.pick(["'TRAIN'", "'A'", "'small'"])
      })`;
    }
    if (pick < 0.91) return choose.pick(TIMES).replaceAll("@", choose.column(scope, "whole"));
    if (pick < 0.93) return `${choose.pick(UNARY)}(${inner()})`;
    if (pick < 0.94) return `iif(${this.condition(scope, depth - 1)}, ${inner()}, ${inner()})`;
    return jsonOf(choose, scope, this.paths);
  }

  #case(scope: Scope, depth: number): string {
    const inner = () => this.any(scope, depth - 1);
    const when = () => this.condition(scope, depth - 1);
    switch (this.choose.below(4)) {
      case 0:
        return `CASE ${inner()} WHEN ${inner()} THEN ${inner()} END`;
      case 1:
        return `CASE ${inner()} WHEN ${this.literal()} THEN ${inner()} WHEN ${this.literal()} THEN ${inner()} ELSE ${inner()} END`;
      case 2:
        return `CASE WHEN ${when()} THEN ${inner()} WHEN ${when()} THEN ${inner()} END`;
    }
    return `CASE WHEN ${when()} THEN ${inner()} ELSE ${inner()} END`;
  }

  #text(scope: Scope): string {
    const { choose } = this;
    const text = choose.column(scope, "text");
    return choose.pick([
      `substr(${text}, ${choose.below(5) - 2}, ${choose.below(4)})`,
      `replace(${text}, ${choose.pick(["'a'", "'/'", "''", "'ö'"])}, ${choose.pick(["'-'", "''", "'ß'"])})`,
      `printf('%5.2f|%s', ${choose.column(scope, "number", "whole")}, ${text})`,
      `concat_ws('-', ${text}, ${choose.column(scope)}, 'z')`,
      `trim(${text}, 'tas')`,
      `instr(${text}, '/')`,
    ]);
  }
}
