import type { ExperimentFilter } from "../../query/list/filter.ts";
import type { RunStatus } from "../../repo/logs/run_status.ts";
import type { OptionSpec, Parsed } from "../../cli/command.ts";
import { list, text } from "../../cli/parse.ts";

/** The options that say which experiments are meant, the same wherever experiments are asked for. */
export const FILTER_OPTIONS: readonly OptionSpec[] = [
  { name: "where", short: "w", kind: "text", value: "COND", help: "only experiments for which this is true" },
  { name: "kind", short: "k", kind: "text", value: "K", help: "only this kind" },
  { name: "name", kind: "text", value: "GLOB", help: "only names that match this glob" },
  { name: "tag", short: "t", kind: "list", value: "T", help: "only with this tag" },
  {
    name: "status",
    kind: "text",
    value: "S",
    choices: ["running", "finished", "failed", "killed", "lost", "unknown"],
    help: "only with this status of the newest run that has a life log",
  },
  { name: "since", kind: "text", value: "TIME", help: "only those created since: 2026-01-31, or 2d for two days ago" },
  { name: "run", kind: "text", value: "RUN", help: "only of this run" },
];

/** What those options say. */
export function filterOf(parsed: Parsed): ExperimentFilter {
  const tags = list(parsed, "tag");
  const said = {
    where: text(parsed, "where"),
    kind: text(parsed, "kind"),
    name: text(parsed, "name"),
    status: text(parsed, "status") as RunStatus["status"] | undefined,
    since: text(parsed, "since"),
    run: text(parsed, "run"),
    tags: tags.length > 0 ? tags : undefined,
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}
