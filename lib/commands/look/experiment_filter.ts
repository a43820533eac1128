import type { ExperimentFilter } from "../../query/list/filter.ts";
import type { OptionSpec, Parsed } from "../../cli/command.ts";

/** The options that say which experiments are meant, the same wherever experiments are asked for. */
export const FILTER_OPTIONS = [
  { name: "where", short: "w", kind: "text", value: "COND", help: "only experiments for which this is true" },
  { name: "kind", short: "k", kind: "text", value: "K", help: "only this kind" },
  { name: "name", kind: "text", value: "GLOB", help: "only names that match this glob" },
  { name: "tag", short: "t", kind: "list", value: "T", help: "only with this tag" },
  {
    name: "status",
    kind: "text",
    value: "S",
    choices: ["running", "finished", "failed", "killed", "lost", "unknown"],
    help: "only with this status of the newest run whose life was recorded",
  },
  { name: "since", kind: "text", value: "TIME", help: "only those created since: 2026-01-31, or 2d for two days ago" },
  { name: "run", kind: "text", value: "RUN", help: "only what belongs to this run" },
] as const satisfies readonly OptionSpec[];

/** What those options say. */
export function filterOf(parsed: Parsed<typeof FILTER_OPTIONS>): ExperimentFilter {
  const tags = parsed.options.tag;
  const filter = {
    where: parsed.options.where,
    kind: parsed.options.kind,
    name: parsed.options.name,
    status: parsed.options.status,
    since: parsed.options.since,
    run: parsed.options.run,
    tags: tags.length > 0 ? tags : undefined,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
