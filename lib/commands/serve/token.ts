import { type CommandGroup, entry } from "../../cli/command.ts";

/** `dbx token`. */
export const command: CommandGroup = {
  name: "token",
  summary: "manage the tokens of dbx serve",
  details:
    `Tokens give access to a repository through its servers. Only their hashes are stored, in .dbx/tokens.json, which is never
synchronised, or in the file given by --tokens, for all repositories of a server that uses it. A running server applies
a change within a second and closes the connections of a removed token. Once a token has been added, everyone needs one, on this
machine too, even after the last one is removed; to open the server again, remove the file and restart it.

Roles: read; write also creates experiments and runs, and tags any experiment; agent also takes queued starts; control also starts and
stops runs, writes to what others created, and purges (dbx rm --purge). An experiment or run belongs to the token that created it:
other tokens with write can add their own runs, tags and notes, but cannot log to its runs, end them or delete them.`,
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
  default: "ls",
};
