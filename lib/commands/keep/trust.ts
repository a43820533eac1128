import { UsageError } from "../../base/errors.ts";
import { configFolder } from "../../client/location/config_folder.ts";
import type { Command, CommandEnvironment } from "../../cli/command.ts";

/** `dbx trust`. */
export const command: Command = {
  name: "trust",
  summary: "say whose repositories dbx may use where it finds them",
  usage: "[DIR | --remove DIR | --list]",
  details:
    `A repository that is found, because its dbx.json is the nearest one upward, is used only if it and the folders up to it belong
to you or to root: anybody could have put one into /tmp or a shared folder. dbx trust DIR allows DIR, and what is below it.

A repository that is named (--repo, DBX_REPO) is used whoever it belongs to. What dbx keeps in its .dbx to be fast is another user's
work, though, and not believed: your own index is in your cache folder then. With dbx trust DIR the one in .dbx is used, which saves the
members of a group from making one each.

The list is in trusted.json of your configuration, $XDG_CONFIG_HOME/dbx or ~/.config/dbx.`,
  examples: ["dbx trust /data/team", "dbx trust --list", "dbx trust --remove /data/team"],
  options: [
    { name: "list", kind: "flag", help: "list what is trusted" },
    { name: "remove", kind: "flag", help: "trust DIR no longer" },
    { name: "json", kind: "flag", help: "as JSON" },
  ],
  positionals: { min: 0, max: 1 },
  permissions(parsed, around) {
    const folder = trustConfigPath(around);
    const [dir] = parsed.positionals;
    if (parsed.options.remove === true && dir === undefined) {
      throw new UsageError("Cannot remove: name the folder, as in dbx trust --remove DIR");
    }
    const changes = dir !== undefined;
    const path = dir === undefined ? [] : [dir.startsWith("/") ? dir : `${around.cwd}/${dir}`];
    return { read: [folder, ...path], write: changes ? [folder] : [], make: changes ? [folder] : [] };
  },
  withoutRepository: () => true,
  load: () => import("./trust_run.ts"),
};

/** The folder of the user's configuration. */
export function trustConfigPath(around: Pick<CommandEnvironment, "env">): string {
  const folder = configFolder(around.env);
  if (folder === undefined) {
    throw new UsageError("Cannot tell where your configuration is: set HOME or XDG_CONFIG_HOME to an absolute path");
  }
  return folder;
}
