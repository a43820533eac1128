import type { CommandEnvironment, OptionSpec, PermissionSet } from "../../../cli/command.ts";
import { configFiles, PROJECT_FILE, projectFolder, USER_FILE } from "../../../cli/config/files.ts";
import { KEYS } from "../../../cli/config/keys.ts";
import { UsageError } from "../../../base/errors.ts";
import { configFolder } from "../../../client/location/config_folder.ts";
import { readTrust } from "../../../client/location/trust.ts";

/** Says which file is meant. */
export const USER_OPTION = {
  name: "user",
  kind: "flag",
  help: "in your own configuration, for all projects",
} as const satisfies OptionSpec;

/** The names of settings, which completions know. */
export const KEY_NAMES: readonly string[] = KEYS.map(({ name }) => name);

/** What it takes to read the files that there are. */
export function readPermissions(environment: CommandEnvironment): PermissionSet {
  return { read: filesIn(environment).map(({ folder, name }) => `${folder}/${name}`) };
}

/** What it takes to change a file. */
export function changePermissions(environment: CommandEnvironment, isUser: boolean): PermissionSet {
  const { folder } = changedFile(environment, isUser);
  return { read: [folder], write: [folder], make: isUser ? [folder] : [] };
}

/** The files of settings that there are. */
export function filesIn(environment: CommandEnvironment): ReturnType<typeof configFiles> {
  return configFiles({ ...environment, trust: environment.trust ?? readTrust(environment.env) });
}

/** The file that is changed: the user's, or that of the project; without one, a new one in the working folder. */
export function changedFile(
  environment: CommandEnvironment,
  isUser: boolean,
): { readonly of: "user" | "project"; readonly folder: string; readonly name: string } {
  if (!isUser) {
    return { of: "project", folder: projectFolder(environment.cwd) ?? environment.cwd, name: PROJECT_FILE };
  }
  const folder = configFolder(environment.env);
  if (folder === undefined) {
    throw new UsageError("Cannot find your configuration: set HOME or XDG_CONFIG_HOME to an absolute path");
  }
  return { of: "user", folder, name: USER_FILE };
}
