import { spoolFolder } from "../../../client/spool/folder.ts";
import type { Command, OptionSpec } from "../../../cli/command.ts";
import { ACTION_OPTIONS } from "../../../cli/print_options.ts";

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
  usage: "--repo URL [options]",
  details:
    `Sends what no dbx process is writing any more. The program of a run that has not ended (its dbx was killed) may still be writing:
that run is sent, but kept in the spool.`,
  examples: ["dbx spool push --repo http://lab:7070"],
  exitCodes: { 1: "something could not be sent" },
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  servers: true,
  permissions(_, environment) {
    const folder = spoolFolder(environment.env);
    const paths = folder === undefined ? [] : [folder];
    return { read: paths, write: paths };
  },
};
