import { folderOf } from "../../../fs/files/lstat.ts";
import { absolute } from "../../../base/paths.ts";
import type { CommandEnvironment, OptionSpec, Parsed, PermissionSet } from "../../../cli/command.ts";

/** Which file the tokens are in. */
export const TOKENS_OPTION = {
  name: "tokens",
  kind: "text",
  value: "FILE",
  help: "use this file, for all repositories of a server",
} as const satisfies OptionSpec;

/** What a role is chosen by. */
export const ROLE_OPTION = {
  name: "role",
  kind: "text",
  value: "ROLE",
  help: "what it allows; each role includes those before it",
  choices: ["read", "write", "agent", "control"],
} as const satisfies OptionSpec;

type TokensOption = Parsed<readonly [typeof TOKENS_OPTION]>;

/** What changing the file of tokens needs. */
export function changePermissions({ options }: TokensOption, environment: CommandEnvironment): PermissionSet {
  if (options.tokens === undefined) return { read: [environment.repo], write: [`${environment.repo}/.dbx`] };
  const path = absolute(options.tokens, environment.cwd);
  // A new file takes the place of the old one.
  const folder = folderOf(path);
  return { read: [folder], write: [folder] };
}

/** What reading it needs. */
export function readPermissions({ options }: TokensOption, environment: CommandEnvironment): PermissionSet {
  return { read: [options.tokens === undefined ? environment.repo : absolute(options.tokens, environment.cwd)] };
}
