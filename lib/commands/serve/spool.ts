import { type CommandGroup, entry } from "../../cli/command.ts";

/** `dbx spool`. */
export const command: CommandGroup = {
  name: "spool",
  summary: "what was logged for a server and waits to be sent",
  details: `What is logged to a server's URL is written here first, in $DBX_SPOOL, else $XDG_STATE_HOME/dbx/spool, else
~/.local/state/dbx/spool, and removed when the server has proven that it holds it. A dead server, a lost network or a kill
leaves it here: dbx spool push sends what no dbx process writes any more. Each spool is a repository: --repo PATH reads it.`,
  examples: ["dbx spool", "dbx spool push --repo http://lab:7070"],
  subcommands: {
    ls: entry(() => import("./spool/ls.ts"), () => import("./spool/ls_run.ts")),
    push: entry(() => import("./spool/push.ts"), () => import("./spool/push_run.ts")),
  },
  default: "ls",
};
