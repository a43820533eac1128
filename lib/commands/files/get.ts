import { UsageError } from "../../base/errors.ts";
import { absolute } from "../../base/paths.ts";
import type { Command, CommandEnvironment, OptionSpec } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";
import { sourcePermissions } from "../../cli/repository/source_permissions.ts";
import { READ_OPTIONS } from "./cat.ts";

/** The options of `dbx get`. */
export const OPTIONS = [
  {
    name: "output",
    short: "o",
    kind: "text",
    value: "DIR",
    help: "the folder to write to",
    default: "the working folder",
  },
  { name: "force", kind: "flag", help: "replace files that exist" },
  ...READ_OPTIONS,
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** The absolute path of the folder that files are written to. */
export function outputFolder(output: string | undefined, { cwd }: Pick<CommandEnvironment, "cwd">): string {
  if (output === "-") {
    throw new UsageError("Cannot use --output -: it names a folder; dbx cat ID:NAME writes a file to stdout");
  }
  return absolute(output ?? ".", cwd);
}

/** `dbx get`. */
export const command: Command<typeof OPTIONS> = {
  name: "get",
  summary: "copy files of runs to this machine",
  usage: "[options] ID[:NAME] …",
  details:
    `Writes files under their names below a folder; NAME may be a glob, and an ID alone means all files of an experiment or run. Of
several runs that have a file of that name, the one that was kept last is meant.

A file appears when all of its bytes have arrived and were compared with its hash. An interrupted copy continues where it ended. A
file that exists is not replaced without --force; where it has the same contents already, nothing is done. Names that would lead out
of the folder, or to hidden files, are refused.`,
  examples: [
    "dbx get 3f:model.pt",
    "dbx get '3f:ckpt/*.pt' -o checkpoints",
    "dbx get 3f:data.bin --bytes 0-1048575 -o sample",
  ],
  exitCodes: { 1: "there is no such file, or one of that name exists, or its bytes are missing or damaged" },
  options: OPTIONS,
  servers: true,
  positionals: { min: 1, max: Infinity, completes: ["run-file"] },
  permissions(parsed, environment) {
    const folder = outputFolder(parsed.options.output, environment);
    const set = sourcePermissions(environment, [folder]);
    return { ...set, read: [...set.read as readonly string[], folder] };
  },
};
