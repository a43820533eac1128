/** A column as queries name it, and what it mostly holds. `whole` are small integers; `json` is a text of JSON. */
export interface Column {
  readonly name: string;
  readonly type: "number" | "whole" | "text" | "json" | "any";
}

/** Something that a query reads from, as it stands in FROM. */
export interface Relation {
  readonly alias: string;
  readonly columns: readonly Column[];
  /** Columns that tell its rows apart, or all of them where several rows may be the same. */
  readonly ids: readonly string[];
  /** About how many rows it has. */
  readonly rows: number;
  /** Columns that may stand without the alias, because no other relation of the FROM has such. */
  readonly bare?: ReadonlySet<string>;
  readonly table?: TableName;
}

const of = (type: Column["type"], names: string): Column[] => names.split(" ").map((name) => ({ name, type }));

/** The columns that random queries name; those with dots are parts of JSON, those with colons statistics. */
export const TABLES = {
  experiments: [
    ...of("text", "repo exp id kind name status hostname note params.model params.opt.name git.branch"),
    ...of("whole", "created_at runs version age_ms duration_ms params.seed"),
    ...of("json", "tags params meta git cmd"),
    ...of("any", "params.lr params.big meta.team"),
    ...of("number", "min:val:loss max:val:loss last:val:loss first:val:loss mean:*:loss count:val:loss"),
  ],
  runs: [
    ...of("text", "repo exp run status hostname git.branch signal"),
    ...of("whole", "created_at lost_events started_at ended_at duration_ms exit_code"),
    ...of("json", "git extra cmd"),
    ...of("any", "extra.gpu"),
  ],
  logs: [...of("text", "repo exp run log"), ...of("whole", "bytes")],
  metrics: [
    ...of("text", "repo exp run log series event key"),
    ...of("whole", "count"),
    ...of("number", "first last min max mean first_step last_step min_step max_step"),
  ],
  points: [
    ...of("text", "repo exp run log series event key"),
    ...of("whole", "idx ts c0 c1 c2"),
    ...of("number", "step value"),
  ],
  events: [
    ...of("text", "repo exp run log event"),
    ...of("whole", "line ts c0 c1"),
    ...of("json", "data"),
    ...of("any", "data.loss data.step data.deep.list.1 data.n data.wide"),
  ],
  notes: [...of("text", "repo exp replica what text"), ...of("whole", "ts")],
} as const satisfies Record<string, readonly Column[]>;

export type TableName = keyof typeof TABLES;

/** What there is to ask about: the columns that have values, and about how many rows. */
export type PlainTables = Readonly<Record<TableName, { readonly columns: readonly Column[]; readonly rows: number }>>;

/** What tells the rows of a table apart. */
export const IDS: Readonly<Record<TableName, readonly string[]>> = {
  experiments: ["repo", "exp"],
  runs: ["repo", "exp", "run"],
  logs: ["repo", "exp", "run", "log"],
  metrics: ["repo", "exp", "run", "log", "series"],
  points: ["repo", "exp", "run", "log", "series", "idx"],
  events: ["repo", "exp", "run", "log", "line"],
  notes: ["repo", "exp", "replica", "ts", "what", "text"],
};

export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

/** Other ways to write a name. */
export const QUOTES = ['"', "[", "`", "A"] as const;
type Quote = "" | typeof QUOTES[number];

/** How a column of a relation stands in a query until it is written out; without an alias it stands alone. */
export function columnMark(alias: string, name: string, quote: Quote = ""): string {
  return `⟦${alias}|${name}|${quote}⟧`;
}

/** The same query as a person writes it, and over plain tables whose columns have dots and colons in their names. */
export function textsOf(sql: string): { readonly asked: string; readonly plain: string } {
  const replaced = (mustQuote: RegExp) =>
    sql.replace(/⟦([^|⟧]*)\|([^|⟧]*)\|(.?)⟧/g, (_, alias: string, name: string, quote: Quote) => {
      const written = mustQuote.test(name) ? `"${name}"` : /[.]/.test(name) ? name : quoted(name, quote);
      return alias === "" ? written : `${alias}.${written}`;
    });
  return { asked: replaced(/:/), plain: replaced(/[.:]/) };
}

function quoted(name: string, quote: Quote): string {
  switch (quote) {
    case "":
      return name;
    case "A":
      return name.toUpperCase();
    case "[":
      return `[${name}]`;
  }
  return `${quote}${name}${quote}`;
}
