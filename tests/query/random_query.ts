import type { Random } from "../format/random.ts";

/** A query of which the order of the rows may matter. */
export interface RandomQuery {
  readonly sql: string;
  readonly params: Record<string, string | number | null>;
}

const POINT_KEYS = [
  "exp",
  "run",
  "log",
  "series",
  "event",
  "key",
  "params.lr",
  "params.seed",
  "kind",
  "step",
  "ts",
  "idx",
];
const SERIES_KEYS = ["exp", "run", "log", "series", "event", "key", "params.lr", "params.model", "kind", "count"];
const METRICS = ["count", "first", "last", "min", "max", "mean", "first_step", "min_step"];

/** Makes queries of the shapes that people write, over `points` or `metrics`, now and then of odd ones. */
export function randomQuery(random: Random): RandomQuery {
  return new Maker(random).make();
}

class Maker {
  readonly params: Record<string, string | number | null> = {};
  readonly #fact: "points" | "metrics";

  constructor(readonly random: Random) {
    this.#fact = random.next() < 0.7 ? "points" : "metrics";
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.random.below(items.length)];
  }

  #chance(p: number): boolean {
    return this.random.next() < p;
  }

  #some<T>(items: readonly T[], most: number): T[] {
    const count = this.random.below(most + 1);
    return [...new Set(Array.from({ length: count }, () => this.#pick(items)))];
  }

  make(): RandomQuery {
    const sql = this.#chance(0.75) ? this.#grouped() : this.#plain();
    return { sql, params: this.params };
  }

  #from(): string {
    const joins = this.#pick([
      "FROM % JOIN experiments USING (exp)",
      "FROM % JOIN experiments e ON e.exp = %.exp",
      "FROM experiments JOIN % USING (exp)",
      "FROM % LEFT JOIN experiments USING (exp)",
      "FROM % JOIN experiments e ON %.exp = e.id AND e.kind <> 'none'",
      "FROM % JOIN runs USING (exp, run) JOIN experiments USING (exp)",
    ]);
    return joins.replaceAll("%", this.#fact);
  }

  /** Columns whose names stand in several tables are told apart where the join leaves them apart. */
  #column(name: string): string {
    if (["exp", "run", "key", "log", "series", "event"].includes(name)) return `${this.#fact}.${name}`;
    return name;
  }

  #number(): string {
    if (this.#chance(0.1)) {
      const name = `p${Object.keys(this.params).length}`;
      this.params[name] = this.#pick([0, 2, 0.5, -1, null]);
      return `:${name}`;
    }
    return this.#pick(["0", "1", "2", "0.5", "-1.5", "3", "1e3", "5"]);
  }

  #pointNumber(depth = 0): string {
    if (depth < 2 && this.#chance(0.3)) {
      const op = this.#pick(["+", "-", "*", "/"]);
      return `(${this.#pointNumber(depth + 1)} ${op} ${this.#pointNumber(depth + 1)})`;
    }
    if (this.#chance(0.1)) return `abs(${this.#pointNumber(depth + 1)})`;
    if (this.#chance(0.05)) return `CAST(step AS INTEGER)`;
    if (this.#chance(0.05)) return `-value`;
    const columns = this.#fact === "points" ? ["value", "value", "step", "ts", "idx"] : METRICS;
    return this.#chance(0.15) ? this.#number() : this.#pick(columns);
  }

  #condition(): string {
    const compare = () => this.#pick(["=", "<", "<=", ">", ">=", "<>", "!="]);
    const column = (name: string) => this.#column(name);
    switch (this.random.below(14)) {
      case 0:
        return `${column("key")} ${this.#pick(["=", "<>"])} '${this.#pick(["loss", "точность"])}'`;
      case 1:
        return `${column("key")} IN ('loss', 'wide')`;
      case 2:
        return `params.lr ${compare()} ${this.#pick(["0.05", "'auto'", "1"])}`;
      case 3:
        return `${column("event")} LIKE '${this.#pick(["train%", "%step%", "VAL"])}'`;
      case 4:
        return `params.model IS ${this.#pick(["NULL", "NOT NULL"])}`;
      case 5:
        return `kind = 'train'`;
      case 6:
        return `json_extract(params, '$.seed') ${compare()} 1`;
      case 7:
        return `${this.#pointNumber()} ${this.#pick(["IS NULL", "IS NOT NULL"])}`;
      case 8:
        return `${this.#pointNumber()} ${this.#pick(["", "NOT "])}BETWEEN ${this.#number()} AND ${this.#number()}`;
      case 9:
        return `NOT (${this.#pointNumber()} ${compare()} ${this.#number()})`;
      case 10:
        return `(${this.#pointNumber()} ${compare()} ${this.#number()} OR ${this.#condition()})`;
      case 11:
        return `${this.#pointNumber()} ${compare()} params.seed`;
      case 12:
        return `${this.#pointNumber()} IN (1, 2, ${this.#number()})`;
      default:
        return `${this.#pointNumber()} ${compare()} ${this.#pointNumber()}`;
    }
  }

  #where(): string {
    const conditions = Array.from({ length: this.random.below(4) }, () => this.#condition());
    return conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  }

  #aggregate(): string {
    const name = this.#pick(["count", "sum", "avg", "min", "max", "total", "stddev", "variance_pop", "count"]);
    if (name === "count" && this.#chance(0.5)) return "count(*)";
    if (this.#chance(0.03)) return `count(DISTINCT ${this.#column("key")})`;
    if (this.#chance(0.03)) return `median(${this.#pointNumber()})`;
    if (name === "count" && this.#chance(0.3)) return "count(params.model)";
    if (name === "max" && this.#chance(0.1)) return `max(params.seed)`;
    return `${name}(${this.#chance(0.6) ? (this.#fact === "points" ? "value" : "min") : this.#pointNumber()})`;
  }

  #grouped(): string {
    const keys = this.#some(this.#fact === "points" ? POINT_KEYS : SERIES_KEYS, 3).map((key) => this.#column(key));
    if (this.#chance(0.1)) keys.push(`${this.#fact === "points" ? "step" : "count"} / 2`);
    const aggregates = Array.from({ length: 1 + this.random.below(3) }, () => this.#aggregate());
    const computed = aggregates.map((each) => {
      if (this.#chance(0.1)) return `${each} * 2`;
      if (this.#chance(0.05)) return `round(${each}, 3)`;
      return this.#chance(0.05) ? `coalesce(${each}, 0) + count(*)` : each;
    });
    const items = [...keys, ...computed];
    // What follows from an experiment may stand beside it.
    if (keys.some((key) => key.endsWith(".exp")) && this.#chance(0.3)) items.push("params.seed");
    const named = items.map((item, at) => (this.#chance(0.1) ? `${item} AS c${at}` : item));
    let sql = `SELECT ${named.join(", ")} ${this.#from()}${this.#where()}`;
    if (keys.length > 0) {
      const by = keys.map((key, at) => (this.#chance(0.2) ? String(at + 1) : key));
      sql += ` GROUP BY ${by.join(", ")}`;
      if (this.#chance(0.2)) {
        sql += ` HAVING ${this.#pick(aggregates)} ${this.#pick([">", "<", "IS NOT"])} ${this.#number()}`;
      }
    }
    if (this.#chance(0.4) && keys.length > 0) {
      const order = keys.map((key) => `${key}${this.#pick(["", " DESC", " NULLS LAST", " DESC NULLS FIRST"])}`);
      sql += ` ORDER BY ${order.join(", ")}`;
      if (this.#chance(0.5)) sql += ` LIMIT ${this.random.below(8)}`;
      if (/LIMIT/.test(sql) && this.#chance(0.3)) sql += ` OFFSET ${this.random.below(4)}`;
    }
    return sql;
  }

  #plain(): string {
    const [f, own] = this.#fact === "points" ? [this.#fact, ["value", "step", "ts", "idx"]] : [this.#fact, METRICS];
    const items = [...this.#some(own, 3), ...this.#some(["kind", "params.lr", `${f}.key`, this.#pointNumber()], 2)];
    if (this.#chance(0.1)) items.push(`${f}.*`);
    if (items.length === 0) items.push("count");
    if (this.#fact === "points" && items.includes("count")) items.splice(items.indexOf("count"), 1, "value");
    const distinct = this.#chance(0.1) ? "DISTINCT " : "";
    let sql = `SELECT ${distinct}${items.join(", ")} ${this.#from()}${this.#where()}`;
    if (this.#chance(0.5)) {
      const whole = this.#fact === "points" ? ", idx" : "";
      const order = `${this.#pick(own)}${this.#pick(["", " DESC", " NULLS LAST"])}`;
      if (distinct === "") {
        sql += ` ORDER BY ${order}, ${f}.run, ${f}.log, ${f}.series${whole} LIMIT ${this.random.below(12)}`;
      }
    }
    return sql;
  }
}
