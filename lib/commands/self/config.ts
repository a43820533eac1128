import { type CommandGroup, entry } from "../../cli/command.ts";

/** `dbx config`. */
export const command: CommandGroup = {
  name: "config",
  summary: "read and change defaults, of a project and of yours",
  details:
    `Defaults stand in dbx.toml of a project, which is found in the nearest folder upward, and in config.toml of your configuration
($XDG_CONFIG_HOME/dbx or ~/.config/dbx). Those of the project win, and options of a command line win over both; of tags and redact
all count.

repo: the repository; a path is relative to the folder of the file. A project names a server only where you trust it (dbx trust).
kind, tags, scalars, redact: as the options of dbx run. scalars = false is --no-scalars.
ls.cols, ls.sort, ls.limit: as the options of dbx ls, where people read it; --json and the like are as ever.
remotes.NAME: what push, pull and sync know by a name. Those of a project need dbx remote trust.

A file of a project that belongs to another user is refused, as is such a repository: see dbx trust.`,
  examples: [
    "dbx config set repo runs",
    "dbx config set tags paper,draft",
    "dbx config set --user ls.cols id,name,status,min:val_loss",
    "dbx config ls --show-origin",
  ],
  subcommands: {
    ls: entry(() => import("./config/ls.ts"), () => import("./config/ls_run.ts")),
    get: entry(() => import("./config/get.ts"), () => import("./config/get_run.ts")),
    set: entry(() => import("./config/set.ts"), () => import("./config/set_run.ts")),
    unset: entry(() => import("./config/unset.ts"), () => import("./config/unset_run.ts")),
  },
  default: "ls",
};
