import type { Command } from "./command.ts";
import { indexFolder } from "./index_folder.ts";
import { text } from "./parse.ts";

/** `dbx query`. */
export const command: Command = {
  name: "query",
  summary: "ask in SQL",
  usage: "[options] <sql>",
  details:
    `Any SELECT of SQLite over the tables experiments, runs, logs, metrics, points, events, files and notes; dbx schema lists
their columns. The parts of params, meta, env, git and data are columns too: params.lr, data.loss, git.commit; a part with
other characters goes in quotes, params."weight-decay". NaN is NULL where it is computed with.`,
  examples: [
    "dbx query 'SELECT id, params.lr, min(value) FROM points JOIN experiments USING (exp) WHERE key = '\\''loss'\\'' GROUP BY 1'",
    "dbx query 'SELECT * FROM metrics WHERE key = :key' --param key=loss --format csv",
  ],
  options: [
    {
      name: "format",
      short: "f",
      kind: "text",
      value: "F",
      choices: ["table", "csv", "tsv", "json", "jsonl", "markdown"],
      help: "how rows are written",
      default: "table",
    },
    { name: "json", kind: "flag", help: "the same as --format json" },
    { name: "output", short: "o", kind: "text", value: "FILE", help: "write to a file, which is replaced" },
    { name: "param", short: "p", kind: "list", value: "NAME=VALUE", help: "the value of :NAME" },
    { name: "all", short: "a", kind: "flag", help: "deleted experiments too" },
    { name: "explain", kind: "flag", help: "say what was read and how the query runs, instead of the rows" },
  ],
  positionals: { min: 1, max: 1 },
  permissions: (parsed, around) => {
    const output = text(parsed, "output");
    const file = output === undefined ? [] : [output.startsWith("/") ? output : `${around.cwd}/${output}`];
    return { read: [around.repo], write: [indexFolder(around), ...file] };
  },
  load: () => import("./query_run.ts"),
};
