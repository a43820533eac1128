import type { Command, OptionSpec } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx init`. */
export const OPTIONS = [
  {
    name: "shared",
    kind: "text",
    value: "WHO",
    choices: ["group", "all"],
    help: "who else may write to the new repository",
  },
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx init`. */
export const command: Command<typeof OPTIONS> = {
  name: "init",
  summary: "create a repository",
  usage: "[DIR] [--shared group|all]",
  details:
    `Creates a repository in DIR, else in the folder that --repo or DBX_REPO names, else in ./output. An existing one is not changed.
In a new folder it also creates a .gitignore, so that git ignores the repository.

--shared allows others to write: everything that is created in this copy later, by whichever user, is writable for the group of
the folder (which new folders inherit), and with "all" also readable for everyone. Set the folder's group first (chgrp). The
setting is stored in .dbx/shared of this copy.`,
  examples: ["dbx init", "dbx init /data/experiments", "dbx init /data/team --shared group"],
  options: OPTIONS,
  positionals: { min: 0, max: 1, completes: ["folder"] },
  async permissions(parsed, environment) {
    const path = await target(parsed.positionals[0], environment);
    return { read: [path], write: [path], make: [path] };
  },
  withoutRepository: ({ positionals }) => positionals.length > 0,
};

/** The absolute path of the repository to make. */
export async function target(
  folder: string | undefined,
  environment: { readonly cwd: string; readonly repo: string },
): Promise<string> {
  const { absolute } = await import("../../base/paths.ts");
  return folder === undefined ? environment.repo : absolute(folder, environment.cwd);
}
