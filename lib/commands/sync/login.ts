import { UsageError } from "../../base/errors.ts";
import { checkWay, hostOf, isUrl, normalizeServerUrl } from "../../base/server_url.ts";
import { absolute } from "../../base/paths.ts";
import type { Command, CommandEnvironment, OptionSpec, Parsed, PermissionSet } from "../../cli/command.ts";
import { LIST_OPTIONS } from "../../cli/print_options.ts";
import { INSECURE_OPTION } from "../../cli/common_options.ts";

/** The server that a command line names. */
export function serverOf(parsed: Pick<Parsed, "positionals">, verb: string): string {
  const [url] = parsed.positionals;
  if (url !== undefined && isUrl(url)) return normalizeServerUrl(url);
  throw new UsageError(
    url === undefined
      ? `Cannot ${verb}: name a server, such as dbx ${verb.replace(" ", "")} https://lab:7070`
      : `Cannot ${verb} at "${url}": it is not the URL of a server, such as https://lab:7070`,
  );
}

/** The folder of tokens, to look at and to change. */
export async function tokensFolder(environment: CommandEnvironment): Promise<PermissionSet> {
  const { Credentials } = await import("../../client/location/credentials.ts");
  const { path } = new Credentials(environment.env);
  if (path !== undefined) return { read: [path], write: [path], make: [path] };
  throw new UsageError("Cannot find your configuration: set HOME or XDG_CONFIG_HOME");
}

/** The options of `dbx login`. */
export const OPTIONS = [
  { name: "token-file", kind: "text", value: "FILE", help: "the file with the token" },
  INSECURE_OPTION,
  { name: "list", kind: "flag", help: "list the servers with stored tokens" },
  ...LIST_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx login`. */
export const command: Command<typeof OPTIONS> = {
  name: "login",
  summary: "store the token of a server",
  usage: "URL [--token-file FILE] | --list",
  details:
    `Asks for the token without showing it, or reads it from a file or from stdin, checks it with the server, and stores it in
$XDG_CONFIG_HOME/dbx/tokens, else ~/.config/dbx/tokens, where only you can read it. It is sent to this URL and those below it, never to
another host. Over http it is sent only to this machine, except with --insecure, which is remembered. --token-file and DBX_TOKEN take
precedence; DBX_TOKEN is sent to the host of DBX_REPO, else to the only host that a command line names.
If the repositories of a server have their own tokens, log in at each one: URL/repos/NAME.`,
  examples: ["dbx login https://lab:7070", "dbx login http://127.0.0.1:7070 < token", "dbx login --list"],
  options: OPTIONS,
  positionals: { min: 0, max: 1 },
  withoutRepository: () => true,
  async permissions(parsed, environment) {
    const folder = await tokensFolder(environment);
    if (parsed.options.list) return { read: folder.read };
    const url = serverOf(parsed, "log in");
    checkWay(url, { token: "", insecure: parsed.options.insecure });
    const file = parsed.options["token-file"];
    const { DBX_CA_FILE: certificates } = environment.env;
    return {
      ...folder,
      read: [
        ...folder.read as string[],
        ...file === undefined ? [] : [absolute(file, environment.cwd)],
        ...certificates ? [certificates] : [],
      ],
      net: [hostOf(url)],
    };
  },
};
