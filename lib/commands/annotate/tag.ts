import type { Command, OptionSpec } from "../../cli/command.ts";
import { ANNOTATE_OPTIONS, annotatePermissions } from "./options.ts";

/** The options of `dbx tag`. */
export const OPTIONS = [
  { name: "remove", short: "d", kind: "flag", help: "take the tag away" },
  ...ANNOTATE_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx tag`. */
export const command: Command<typeof OPTIONS> = {
  name: "tag",
  summary: "tag experiments or runs; alone, list the tags",
  usage: "[options] [ID …] TAG",
  details:
    `Gives a tag to experiments, which are named by the beginning of their ids or chosen by --where and the like. The id of a run, or
experiment/run, tags that run. dbx ls --tag finds them again. Tags are in every copy that is synchronised with this one.

Without arguments it lists the tags, and how many experiments have each.`,
  examples: [
    "dbx tag 3f9a 7kq2 baseline",
    `dbx tag --where "min:val_loss < 0.1" good`,
    "dbx tag -d 3f9a baseline",
    "dbx tag --undo 3f9a",
  ],
  exitCodes: { 1: "not done, or not for all of them" },
  options: OPTIONS,
  servers: true,
  positionals: { min: 0, max: Infinity, completes: ["experiment", "tag"] },
  permissions: (parsed, environment) =>
    annotatePermissions(parsed, environment, parsed.positionals.length === 0 && !parsed.options.undo),
};
