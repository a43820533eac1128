import type { Command, OptionSpec } from "../../cli/command.ts";
import { ANNOTATE_OPTIONS, annotatePermissions } from "./options.ts";

/** The options of `dbx rename`. */
export const OPTIONS = ANNOTATE_OPTIONS;

/** `dbx rename`. */
export const command: Command<typeof OPTIONS> = {
  name: "rename",
  summary: "give experiments another name",
  usage: "[options] [ID …] NAME",
  details:
    `The new name is what dbx ls, dbx show and queries have from now on, in every copy that is synchronised with this one. The id, the
folder and the definition stay as they are, so that nothing that refers to the experiment breaks. dbx show prints the first name,
too.`,
  examples: [
    "dbx rename 3f9a mnist/wide",
    `dbx rename --where "name = 'tmp'" mnist/first-try`,
    "dbx rename --undo 3f9a",
  ],
  exitCodes: { 1: "not done, or not for all of them" },
  options: OPTIONS satisfies readonly OptionSpec[],
  servers: true,
  positionals: { min: 0, max: Infinity, completes: ["experiment"] },
  permissions: (parsed, environment) => annotatePermissions(parsed, environment),
};
