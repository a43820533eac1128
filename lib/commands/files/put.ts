import { absolute } from "../../base/paths.ts";
import { isUrl } from "../../base/server_url.ts";
import type { Command, OptionSpec } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx put`. */
export const OPTIONS = [
  {
    name: "name",
    kind: "text",
    value: "NAME",
    help: "the name of the file there",
    default: "its path, as given",
  },
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx put`. */
export const command: Command<typeof OPTIONS> = {
  name: "put",
  summary: "add files to a run, also when it has ended",
  usage: "[options] ID FILE …",
  details:
    `Copies files into the repository, as files of a run: of the one that ID names, or of the newest run of an experiment. A file that
is there by that name already gets a new version; the earlier ones stay. An absolute path, or one that leads upward, gives the
file its last part for a name.

Files of any size are streamed. On a file system that can share the bytes of two files (Btrfs, XFS, APFS), nothing is copied. To a
server, an interrupted upload continues when the same command is repeated.`,
  examples: [
    "dbx put 3f report.pdf plots/roc.png",
    "dbx put 3f /scratch/final.pt --name model.pt",
  ],
  exitCodes: { 1: "a file cannot be read, or not all of them were added" },
  options: OPTIONS,
  servers: true,
  positionals: { min: 2, max: Infinity, completes: ["experiment", "file"] },
  permissions(parsed, environment) {
    const repository = isUrl(environment.repo) ? [] : [environment.repo];
    const files = parsed.positionals.slice(1).map((path) => absolute(path, environment.cwd));
    return { read: [...repository, ...files], write: repository };
  },
};
