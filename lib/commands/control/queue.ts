import { type CommandGroup, entry } from "../../cli/command.ts";

/** `dbx queue`. */
export const command: CommandGroup = {
  name: "queue",
  summary: "manage the commands that wait for a dbx agent",
  details:
    `The first dbx agent that allows a command starts it. Every start runs at most once, however many agents there are.
A server requires a token with the role control.`,
  examples: [
    "dbx queue add --kind mnist --repo http://lab:7070 -- python train.py --lr 0.1",
    "dbx queue",
    "dbx queue rm 3f9a",
  ],
  subcommands: {
    ls: entry(() => import("./queue/ls.ts"), () => import("./queue/ls_run.ts")),
    add: entry(() => import("./queue/add.ts"), () => import("./queue/add_run.ts")),
    rm: entry(() => import("./queue/rm.ts"), () => import("./queue/rm_run.ts")),
  },
  default: "ls",
};
