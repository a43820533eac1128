import { isUrl } from "../../base/server_url.ts";
import type { CommandEnvironment, OptionSpec, PermissionSet } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";
import { FILTER_OPTIONS } from "../look/experiment_filter.ts";

/** What commands take that say something of many experiments. */
export const ANNOTATE_OPTIONS = [
  { name: "undo", kind: "flag", help: "take the last change back; once more, the one before it" },
  { name: "dry-run", kind: "flag", help: "print what would be changed, and change nothing" },
  { name: "yes", short: "y", kind: "flag", help: "do not ask for confirmation where a filter finds several" },
  ...FILTER_OPTIONS,
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** Options by which experiments are found, which the index helps with. */
const FILTERS = FILTER_OPTIONS.map(({ name }) => name);

/** What such a command needs: to write notes, and where experiments have to be found, to keep the index. */
export function annotatePermissions(
  { options }: { readonly options: Readonly<Record<string, unknown>> },
  environment: CommandEnvironment,
  isList = false,
): PermissionSet {
  if (isUrl(environment.repo)) return {};
  const { repo } = environment;
  const isFound = isList || FILTERS.some((name) => options[name] !== undefined && String(options[name]) !== "");
  return isFound ? sourcePermissions(environment, isList ? [] : [repo]) : { read: [repo], write: [repo] };
}
