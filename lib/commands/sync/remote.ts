import { type CommandGroup, entry } from "../../cli/command.ts";

/** `dbx remote`. */
export const command: CommandGroup = {
  name: "remote",
  summary: "names of repositories to synchronise with",
  details:
    `The names are kept in .dbx/config.json of this copy alone. push, pull and sync go to the one named origin if none is given.
Nothing is exchanged with a remote that you did not add, before you said that it is the right one: whoever packed a repository may
have written anything there. Tokens are kept in your own configuration: see dbx login.`,
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
