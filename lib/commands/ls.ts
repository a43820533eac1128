import { isUrl } from "../base/server_url.ts";
import type { Command } from "./command.ts";
import { sourcePermissions } from "./source_permissions.ts";

/** `dbx ls`. */
export const command: Command = {
  name: "ls",
  summary: "list experiments",
  usage: "[options]",
  details:
    `Columns: id, name, kind, status, lost (events that its latest run could not keep), age, created, duration, runs, tags, host,
command; params.<name>; and first:, last:, min:, max:
or count: of a series, which is named by its whole key, its last part, or a glob (last:val_loss). Custom keys of the
definition by their names.`,
  examples: ["dbx ls --cols id,params.lr,min:val_loss --sort min:val_loss", "dbx ls --status running --json"],
  endsAtOnce: true,
  options: [
    {
      name: "cols",
      short: "c",
      kind: "text",
      value: "A,B",
      help: "the columns",
      default: "id, name, kind, status, lost if something was, age, duration, and the params that differ",
    },
    {
      name: "sort",
      short: "s",
      kind: "text",
      value: "[-]COL",
      help: "sort by a column; - turns the order round",
      default: "-created",
    },
    { name: "kind", short: "k", kind: "text", value: "K", help: "only this kind" },
    { name: "name", short: "n", kind: "text", value: "GLOB", help: "only names like this" },
    { name: "tag", short: "t", kind: "list", value: "T", help: "only with this tag" },
    {
      name: "status",
      kind: "text",
      value: "S",
      choices: ["running", "finished", "failed", "killed", "lost", "unknown"],
      help: "only with this status of the latest run",
    },
    { name: "limit", short: "l", kind: "number", value: "N", help: "at most so many" },
    { name: "all", short: "a", kind: "flag", help: "deleted ones too" },
    { name: "json", kind: "flag", help: "an array of objects with exact values" },
  ],
  servers: true,
  positionals: { min: 0, max: 0 },
  // A server lists by itself.
  permissions: (_, around) => isUrl(around.repo) ? {} : sourcePermissions(around),
  load: () => import("./ls_run.ts"),
};
