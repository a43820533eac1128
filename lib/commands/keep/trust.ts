import { UsageError } from "../../base/errors.ts";
import { configFolder } from "../../client/location/config_folder.ts";
import type { Command, CommandEnvironment, OptionSpec } from "../../cli/command.ts";
import { LIST_OPTIONS } from "../../cli/print_options.ts";
import { absolute } from "../../base/paths.ts";

/** The options of `dbx trust`. */
export const OPTIONS = [
  { name: "list", kind: "flag", help: "list the trusted folders" },
  { name: "remove", kind: "flag", help: "stop trusting DIR" },
  ...LIST_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx trust`. */
export const command: Command<typeof OPTIONS> = {
  name: "trust",
  summary: "allow dbx to use repositories of other users",
  usage: "[DIR | --remove DIR | --list]",
  details:
    `A repository that dbx finds by itself, in the nearest folder upward with a dbx.json, is used only if it and the folders above it
belong to you or to root: anyone could have put one into /tmp or a shared folder. dbx trust DIR allows DIR and everything below it.

A repository that you name (--repo, DBX_REPO) is used whoever owns it. The index in its .dbx was written by another user, though, and
is not trusted: dbx builds your own in your cache folder. After dbx trust DIR the index in .dbx is used, so that the members of a group
can share one.

The list is stored in trusted.json of your configuration, $XDG_CONFIG_HOME/dbx or ~/.config/dbx.`,
  examples: ["dbx trust /data/team", "dbx trust --list", "dbx trust --remove /data/team"],
  options: OPTIONS,
  positionals: { min: 0, max: 1, completes: ["folder"] },
  permissions(parsed, environment) {
    const folder = trustConfigPath(environment);
    const [dir] = parsed.positionals;
    if (parsed.options.remove && dir === undefined) {
      throw new UsageError("Cannot remove: name the folder, as in dbx trust --remove DIR");
    }
    const changes = dir !== undefined;
    const path = dir === undefined ? [] : [absolute(dir, environment.cwd)];
    return { read: [folder, ...path], write: changes ? [folder] : [], make: changes ? [folder] : [] };
  },
  withoutRepository: () => true,
};

/** The folder of the user's configuration. */
export function trustConfigPath(environment: Pick<CommandEnvironment, "env">): string {
  const folder = configFolder(environment.env);
  if (folder === undefined) {
    throw new UsageError("Cannot find your configuration: set HOME or XDG_CONFIG_HOME to an absolute path");
  }
  return folder;
}
