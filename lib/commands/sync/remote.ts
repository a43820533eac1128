import { type CommandGroup, entry } from "../../cli/command.ts";

/** `dbx remote`. */
export const command: CommandGroup = {
  name: "remote",
  summary: "manage the named repositories to synchronise with",
  details:
    `The names are stored in .dbx/config.json of this copy only. push, pull and sync use the one named origin by default.
Nothing is exchanged with a remote that you did not add until you confirm it with dbx remote trust, because the author of a copied
repository may have written anything there. Tokens are stored in your own configuration: see dbx login.`,
  examples: [
    "dbx remote add origin user@gpu:output",
    "dbx remote add lab https://lab:7070",
    "dbx remote trust origin",
    "dbx remote ls",
  ],
  subcommands: {
    ls: entry(() => import("./remote/ls.ts"), () => import("./remote/ls_run.ts")),
    add: entry(() => import("./remote/add.ts"), () => import("./remote/add_run.ts")),
    rm: entry(() => import("./remote/rm.ts"), () => import("./remote/rm_run.ts")),
    trust: entry(() => import("./remote/trust.ts"), () => import("./remote/trust_run.ts")),
  },
  default: "ls",
};
