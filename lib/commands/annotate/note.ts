import type { Command, OptionSpec } from "../../cli/command.ts";
import { REDACT_OPTION } from "../record/params/experiment_options.ts";
import { ANNOTATE_OPTIONS, annotatePermissions } from "./options.ts";

/** The options of `dbx note`. */
export const OPTIONS = [REDACT_OPTION, ...ANNOTATE_OPTIONS] as const satisfies readonly OptionSpec[];

/** `dbx note`. */
export const command: Command<typeof OPTIONS> = {
  name: "note",
  summary: "write a note about experiments or runs",
  usage: "[options] [ID …] TEXT",
  details:
    `Adds a note to experiments, which are named by the beginning of their ids or chosen by --where and the like. The id of a run, or
experiment/run, makes it a note about that run. The text - is read from stdin. Secrets are redacted, as by dbx run. dbx show prints
all notes, the column note of dbx ls the newest one. dbx edit changes them in an editor.`,
  examples: [
    `dbx note 3f9a "diverges after epoch 3: too little warmup"`,
    `dbx note --where 'status = "failed"' "out of memory on node 4"`,
    "dbx note 3f9a - < analysis.txt",
    "dbx note --undo 3f9a",
  ],
  exitCodes: { 1: "not done, or not for all of them" },
  options: OPTIONS,
  servers: true,
  positionals: { min: 0, max: Infinity, completes: ["experiment"] },
  permissions: (parsed, environment) => annotatePermissions(parsed, environment),
};
