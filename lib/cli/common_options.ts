import type { Command } from "./command.ts";
import type { OptionSpec, Parsed } from "./options.ts";

/** Options that every command has. */
const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    name: "repo",
    short: "R",
    kind: "list",
    value: "DIR|URL",
    help: "the repository",
    default: "$DBX_REPO, else the nearest one upward, else ./output",
  },
  { name: "help", short: "h", kind: "flag", help: "show this help" },
  { name: "show-permissions", kind: "flag", help: "print what this command line may access, and exit" },
];

/** What all commands take that send a token. */
export const INSECURE_OPTION = {
  name: "insecure",
  kind: "flag",
  help: "allow sending the token over http to another machine, where others may read it",
} as const satisfies OptionSpec;

/** What commands take besides, for which a repository may be a server. */
const SERVER_OPTIONS: readonly OptionSpec[] = [
  {
    name: "token-file",
    kind: "text",
    value: "FILE",
    help: "the file with the token for the server",
    default: "$DBX_TOKEN, else that of dbx login",
  },
  INSECURE_OPTION,
];

/** What commands take whose output is shown in pages. */
const PAGER_OPTION: OptionSpec = {
  name: "no-pager",
  kind: "flag",
  help: "do not show what is longer than the screen in $DBX_PAGER, else $PAGER, else less",
};

/** Every option of a command. */
export function optionsOf(command: Command): readonly OptionSpec[] {
  return [
    ...command.options,
    ...command.pages === undefined ? [] : [PAGER_OPTION],
    ...command.servers ? SERVER_OPTIONS : [],
    ...COMMON_OPTIONS,
  ];
}

/** The options of a command that help and completions show. */
export function shownOptionsOf(command: Command): readonly OptionSpec[] {
  return optionsOf(command).filter((spec) => !spec.hidden);
}

/** What every command line may say besides its command's own options. */
export interface CommonOptions {
  readonly repo: readonly string[];
  readonly help: boolean;
  readonly showPermissions: boolean;
  readonly json: boolean;
  readonly tokenFile: string | undefined;
  readonly insecure: boolean;
  /** Whether its output may be shown in pages. */
  readonly pages: boolean;
}

/** The options that have to do with how any command is run. */
export function commonOptions(command: Command, parsed: Parsed): CommonOptions {
  const { options } = parsed;
  return {
    repo: options.repo as readonly string[],
    help: options.help === true,
    showPermissions: options["show-permissions"] === true,
    json: options.json !== undefined && options.json !== false,
    tokenFile: command.servers ? options["token-file"] as string | undefined : undefined,
    insecure: options.insecure === true,
    pages: options["no-pager"] !== true && command.pages?.(parsed) === true,
  };
}
