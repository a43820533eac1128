import { tableOf } from "../../../lib/query/schema/tables.ts";
import type { Random } from "../../format/random.ts";

/** A table as names see it: what it is called, and what its columns are called. */
interface Seen {
  readonly name: string;
  readonly columns: readonly string[];
}

const TABLES = ["experiments", "runs", "metrics", "notes"];
/** Few names, so that aliases, columns and tables shadow each other. */
const COLUMNS = ["exp", "run", "repo", "kind", "name", "status", "created_at", "min", "max", "text", "ts", "count"];
const ALIASES = ["e", "p", "exp", "kind", "runs", "max", "q"];
const JOINS = [", ", " JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN ", " NATURAL JOIN ", " CROSS JOIN "];

/** Makes queries whose names may mean several things, or now and then nothing. */
export class RandomNames {
  /** The common tables that may be named. */
  #commons: readonly Seen[] = [];
  /** The tables of the SELECTs around, innermost last. */
  #scopes: Seen[][] = [];

  constructor(readonly random: Random) {}

  query(): string {
    return this.#query(0, undefined).sql;
  }

  #query(depth: number, wanted: number | undefined): { readonly sql: string; readonly columns: readonly string[] } {
    const { random } = this;
    const before = this.#commons;
    // SQLite looks for the names in a common table where it is used; it is the same where nothing is around.
    const commons = random.next() < 0.3 && depth < 2 && this.#scopes.length === 0 ? this.#with(depth) : "";
    const width = wanted ?? 1 + random.below(3);
    const columns: string[] = [];
    this.#scopes.push([]);
    const cores = [this.#select(depth, width, columns)];
    while (random.next() < 0.2) {
      cores.push(random.pick(["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]), this.#select(depth, width, []));
    }
    const order = random.next() < 0.6 ? ` ORDER BY ${this.#terms(depth, columns)}` : "";
    // SQLite passes over common tables that nothing names.
    const limit = commons !== ""
      ? ` LIMIT 5 + (SELECT count(*) FROM ${this.#commons.at(-1)!.name})`
      : random.next() < 0.1
      ? ` LIMIT ${random.below(5)}`
      : "";
    this.#commons = before;
    this.#scopes.pop();
    return { sql: `${commons}${cores.join(" ")}${order}${limit}`, columns };
  }

  #with(depth: number): string {
    const name = this.random.pick([...TABLES, ...ALIASES, "c"]);
    const list = this.random.next() < 0.3 ? "(kind, exp)" : "";
    const { sql, columns } = this.#query(depth + 1, list === "" ? undefined : 2);
    this.#commons = [...this.#commons, { name, columns: list === "" ? columns : ["kind", "exp"] }];
    return `WITH ${name}${list} AS (${sql}) `;
  }

  #select(depth: number, width: number, columns: string[]): string {
    const { random } = this;
    const scope: Seen[] = this.#scopes[this.#scopes.length - 1] = [];
    const from = random.next() < 0.97 ? this.#from(depth, scope) : undefined;
    const parts = ["SELECT"];
    if (random.next() < 0.1) parts.push("DISTINCT");
    const items = Array.from({ length: width }, () => this.#item(depth, columns));
    if (random.next() < 0.15 && scope.length > 0) {
      const table = random.pick(scope);
      items[0] = random.next() < 0.5 || table.name === "" ? "*" : `${table.name}.*`;
      columns.push(...table.columns);
    }
    parts.push(items.join(", "));
    if (from !== undefined) parts.push("FROM", from);
    if (random.next() < 0.4) parts.push("WHERE", this.#condition(depth));
    if (random.next() < 0.3) {
      parts.push("GROUP BY", this.#groups(columns));
      if (random.next() < 0.4) parts.push("HAVING", `${this.#aggregate()} > ${this.#value(depth)}`);
    }
    const window = random.next() < 0.1;
    if (window) {
      parts[parts.indexOf(items.join(", "))] += `, count(*) OVER ${random.pick(["w", "(w ROWS 1 PRECEDING)"])}`;
      columns.push("");
      parts.push(`WINDOW w AS (${random.pick(["", `PARTITION BY ${this.#name()} `])}ORDER BY ${this.#value(2)})`);
    }
    return parts.join(" ");
  }

  #item(depth: number, columns: string[]): string {
    const { random } = this;
    const chance = random.next();
    const text = chance < 0.15
      ? this.#aggregate()
      : chance < 0.2
      ? `row_number() OVER (ORDER BY ${this.#name()})`
      : this.#value(depth);
    const alias = random.next() < 0.5 ? random.pick([...COLUMNS, ...ALIASES]) : undefined;
    columns.push(alias ?? text.slice(text.indexOf(".") + 1));
    return alias === undefined ? text : `${text} AS ${alias}`;
  }

  #from(depth: number, scope: Seen[]): string {
    const { random } = this;
    let text = this.#table(depth, scope);
    while (random.next() < 0.4) {
      const kind = random.pick(JOINS);
      const left = scope.flatMap(({ columns }) => columns);
      text += kind + this.#table(depth, scope);
      if (kind === ", " || kind === " NATURAL JOIN ") continue;
      const shared = left.filter((name) => /^\w+$/.test(name) && scope.at(-1)!.columns.includes(name));
      const using = shared.length === 0 ? "exp" : random.pick([random.pick(shared), shared.slice(0, 2).join(", ")]);
      text += random.next() < 0.6 ? ` USING (${using})` : ` ON ${this.#condition(2)}`;
    }
    return text;
  }

  #table(depth: number, scope: Seen[]): string {
    const { random } = this;
    const alias = random.next() < 0.5 ? random.pick(ALIASES) : undefined;
    const as = alias === undefined ? "" : ` ${random.pick(["AS ", ""])}${alias}`;
    if (depth < 2 && random.next() < 0.2) {
      // A subquery sees what is around its SELECT, not its neighbours.
      const own = this.#scopes.pop()!;
      const { sql, columns } = this.#query(depth + 1, undefined);
      this.#scopes.push(own);
      scope.push({ name: alias ?? "", columns });
      return `(${sql})${as}`;
    }
    const common = random.next() < 0.4 && this.#commons.length > 0 ? random.pick(this.#commons) : undefined;
    const name = common?.name ?? random.pick(TABLES);
    const columns = common?.columns ?? tableOf(name)!.columns.map(([column]) => column);
    scope.push({ name: alias ?? name, columns });
    return `${common === undefined && random.next() < 0.1 ? "main." : ""}${name}${as}`;
  }

  #condition(depth: number): string {
    const { random } = this;
    const chance = random.next();
    if (depth < 2 && chance < 0.1) return `EXISTS (${this.#query(depth + 1, undefined).sql})`;
    if (depth < 2 && chance < 0.2) return `${this.#name()} IN (${this.#query(depth + 1, 1).sql})`;
    if (chance < 0.25) return `${this.#name()} IS NOT NULL AND ${this.#condition(depth)}`;
    return `${this.#value(depth)} ${random.pick(["=", "<", ">", "<>"])} ${this.#value(depth)}`;
  }

  #value(depth: number): string {
    const { random } = this;
    const chance = random.next();
    if (depth < 2 && chance < 0.06) return `(${this.#query(depth + 1, 1).sql})`;
    if (chance < 0.12) return `(${this.#name()} || 'x')`;
    if (chance < 0.18) return `abs(${this.#name()})`;
    if (chance < 0.22) return String(random.below(9));
    if (chance < 0.25) return `CAST(${this.#name()} AS ${random.pick(["TEXT", "INT", "REAL", "NUMERIC", "BLOB"])})`;
    return this.#name();
  }

  #aggregate(): string {
    const { random } = this;
    if (random.next() < 0.3) return "count(*)";
    const filter = random.next() < 0.1 ? ` FILTER (WHERE ${this.#condition(2)})` : "";
    return `${random.pick(["sum", "max", "min", "count", "count"])}(${this.#value(2)})${filter}`;
  }

  #terms(depth: number, columns: readonly string[]): string {
    const { random } = this;
    return Array.from({ length: 1 + random.below(2) }, () => {
      const chance = random.next();
      const way = random.pick(["", "", " DESC", " COLLATE NOCASE"]);
      if (chance < 0.2) return `${1 + random.below(columns.length + (random.next() < 0.1 ? 1 : 0))}${way}`;
      if (chance < 0.25) return this.#aggregate();
      const shown = random.pick(columns);
      return (chance < 0.6 && /^\w+$/.test(shown) ? shown : this.#value(depth)) + way;
    }).join(", ");
  }

  #groups(columns: readonly string[]): string {
    const { random } = this;
    return Array.from({ length: 1 + random.below(2) }, () => {
      const chance = random.next();
      if (chance < 0.15) return String(1 + random.below(columns.length));
      const shown = random.pick(columns);
      return chance < 0.4 && /^\w+$/.test(shown) ? shown : this.#value(2);
    }).join(", ");
  }

  /** Mostly of what is there, now and then of what is not, or not seen. */
  #name(): string {
    const { random } = this;
    const all = this.#scopes.filter((tables) => tables.length > 0);
    if (all.length === 0 || random.next() < 0.05) return random.pick([...COLUMNS, ...ALIASES]);
    const { name, columns } = random.pick(random.next() < 0.8 ? all.at(-1)! : random.pick(all));
    const known = columns.filter((it) => COLUMNS.includes(it));
    const column = random.pick(known.length > 0 ? [random.pick(columns), ...known] : columns);
    if (column === undefined || !/^\w+$/.test(column)) return random.pick(ALIASES);
    const chance = random.next();
    if (chance < 0.25 || name === "") return column;
    return chance < 0.3 ? `main.${name}.${column}` : `${name}.${column}`;
  }
}
