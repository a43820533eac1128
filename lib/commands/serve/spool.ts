import { type CommandGroup, entry } from "../../cli/command.ts";

/** `dbx spool`. */
export const command: CommandGroup = {
  name: "spool",
  summary: "manage events that wait to be sent to a server",
  details:
    `Events logged to a server's URL are first written to the spool, in $DBX_SPOOL, else $XDG_STATE_HOME/dbx/spool, else
~/.local/state/dbx/spool, and removed once the server has proved that it has them. If the server is down, the network fails or dbx is
killed, they stay there until dbx spool push sends them. Each spool is a repository: --repo PATH reads it.`,
  examples: ["dbx spool", "dbx spool push --repo http://lab:7070"],
  subcommands: {
    ls: entry(() => import("./spool/ls.ts"), () => import("./spool/ls_run.ts")),
    push: entry(() => import("./spool/push.ts"), () => import("./spool/push_run.ts")),
  },
  default: "ls",
};
