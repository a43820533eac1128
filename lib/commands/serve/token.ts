import { type CommandGroup, entry } from "../../cli/command.ts";

/** `dbx token`. */
export const command: CommandGroup = {
  name: "token",
  summary: "let people and machines use dbx serve",
  details: `Tokens that open a repository at its servers. Only their hashes are kept, in .dbx/tokens.json, which is
never synchronised, or in the file of --tokens, for all repositories of a server that is given it. A running server sees a
change within a second, and ends what a removed token has open. Once a token was added, everybody needs one, on this machine
too, even when the last one is removed; to open the server again, remove the file and restart it.

Roles: read; write makes experiments and runs, and tags all; agent takes what is queued, too; control starts and stops runs,
writes to what others made, and purges (dbx rm --purge). An experiment and a run belong to the token that made them: others with write add their own
runs, tags and notes, but cannot log to its runs, end or delete them.`,
  examples: [
    "dbx token add alice",
    "dbx token add gpu-7 --role agent --max-bytes 500G",
    "dbx token ls",
    "dbx token renew alice",
    "dbx token set alice --max-files none",
    "dbx token add me --role control --tokens ~/.config/dbx/tokens.json",
  ],
  subcommands: {
    add: entry(() => import("./token/add.ts"), () => import("./token/add_run.ts")),
    ls: entry(() => import("./token/ls.ts"), () => import("./token/ls_run.ts")),
    set: entry(() => import("./token/set.ts"), () => import("./token/set_run.ts")),
    renew: entry(() => import("./token/renew.ts"), () => import("./token/renew_run.ts")),
    rename: entry(() => import("./token/rename.ts"), () => import("./token/rename_run.ts")),
    rm: entry(() => import("./token/rm.ts"), () => import("./token/rm_run.ts")),
  },
};
