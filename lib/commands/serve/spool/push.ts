import { spoolFolder } from "../../../client/spool/folder.ts";
import { parseLocation } from "../../../client/location/location.ts";
import type { Command, OptionSpec } from "../../../cli/command.ts";
import { ACTION_OPTIONS } from "../../../cli/print_options.ts";
import { withServers } from "../../../cli/repository/server_permissions.ts";
import { onlyServer } from "./only_server.ts";

/** The options of `dbx spool push`. */
export const OPTIONS = [
  {
    name: "remove-unended",
    kind: "flag",
    help: "once sent, also remove runs that never ended and were not written to for a day",
  },
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** `dbx spool push`. */
export const command: Command<typeof OPTIONS> = {
  name: "spool push",
  summary: "send the spool of a server",
  usage: "[--repo URL] [options]",
  details:
    `Sends what no dbx process is writing any more. The program of a run that has not ended (its dbx was killed) may still be writing:
that run is sent, but kept in the spool. The server need not be named where the whole spool is for one.`,
  examples: ["dbx spool push", "dbx spool push --repo http://lab:7070"],
  exitCodes: { 1: "something could not be sent" },
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  servers: true,
  async permissions(_, environment) {
    const folder = spoolFolder(environment.env);
    if (folder === undefined) return {};
    const set = { read: [folder], write: [folder] };
    if (parseLocation(environment.repo, environment.cwd).kind !== "folder") return set;
    const { listSpools } = await import("../../../client/spool/list.ts");
    const url = onlyServer(await listSpools(folder, environment.now));
    return url === undefined ? set : await withServers(set, { ...environment, repos: [url] });
  },
};
