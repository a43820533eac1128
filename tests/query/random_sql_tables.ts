/** A column as queries name it, and what it mostly holds. */
export interface Column {
  readonly name: string;
  readonly type: "number" | "text" | "any";
}

const n = (name: string): Column => ({ name, type: "number" });
const t = (name: string): Column => ({ name, type: "text" });
const a = (name: string): Column => ({ name, type: "any" });

/** The columns that random queries name; those with dots are parts of JSON. */
export const TABLES = {
  experiments: [
    ...[t("exp"), t("kind"), t("name"), n("created_at"), n("runs"), n("version"), t("tags")],
    ...[a("params.lr"), n("params.seed"), t("params.model"), t("params.opt.name"), a("params.big")],
  ],
  runs: [t("exp"), t("run"), n("created_at"), t("hostname"), t("status"), n("lost_events")],
  metrics: [
    ...[t("exp"), t("run"), t("log"), t("series"), t("event"), t("key"), n("count"), n("first"), n("last")],
    ...[n("min"), n("max"), n("first_step"), n("last_step"), n("min_step")],
  ],
  points: [
    ...[t("exp"), t("run"), t("log"), t("series"), t("key"), n("idx"), n("step"), n("ts"), n("value")],
    ...[n("c0"), n("c1")],
  ],
  events: [
    ...[t("exp"), t("run"), t("log"), n("line"), t("event"), n("ts"), n("c0")],
    ...[a("data.loss"), n("data.step"), a("data.deep.list.1"), n("data.n")],
  ],
} as const satisfies Record<string, readonly Column[]>;

export type TableName = keyof typeof TABLES;

/** The same query as a person writes it, and over plain tables whose columns have dots in their names. */
export interface SqlText {
  readonly asked: string;
  readonly plain: string;
}

/** How a column of a relation stands in a query until it is written out. */
export function columnMark(alias: string, name: string): string {
  return `⟦${alias}|${name}⟧`;
}

/** Writes out the columns of a query in both ways. */
export function textOf(sql: string): SqlText {
  const replaced = (write: (alias: string, name: string) => string) =>
    sql.replace(/⟦([^|⟧]*)\|([^⟧]*)⟧/g, (_, alias: string, name: string) => write(alias, name));
  return {
    asked: replaced((alias, name) => `${alias}.${name}`),
    plain: replaced((alias, name) => name.includes(".") ? `${alias}."${name}"` : `${alias}.${name}`),
  };
}
