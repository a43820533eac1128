import type { OptionSpec } from "../../../cli/command.ts";

/** What a command line can say of a new experiment. */
export const EXPERIMENT_OPTIONS = [
  {
    name: "kind",
    short: "k",
    kind: "text",
    value: "K",
    help: "the kind of experiment",
    default: "the script's, module's or program's name",
  },
  { name: "name", kind: "text", value: "N", help: "a name; slashes make folders" },
  {
    name: "param",
    short: "p",
    kind: "list",
    value: "K=V",
    help: "a param; a.b=1 sets a nested one; overrides --params and the command's flags",
  },
  {
    name: "params",
    kind: "text",
    value: "FILE",
    help: "params from a JSON, YAML or TOML file; override the command's flags",
  },
  {
    name: "arg-params",
    kind: "flag",
    help: "take params from the command's words (--no-arg-params: do not)",
    default: "on",
  },
  { name: "tag", short: "t", kind: "list", value: "T", help: "a tag" },
] as const satisfies readonly OptionSpec[];

/** What is redacted besides what dbx knows itself. */
export const REDACT_OPTION = {
  name: "redact",
  kind: "list",
  value: "REGEX",
  help: "also redact what this matches, or its group named secret",
} as const satisfies OptionSpec;

/** The values of an option that are written `key=value`. */
export function pairsOf(items: readonly string[]): [string, string | undefined][] {
  return items.map((item) => {
    const at = item.indexOf("=");
    return at < 0 ? [item, undefined] : [item.slice(0, at), item.slice(at + 1)];
  });
}
