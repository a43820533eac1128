import type { Command } from "../../cli/command.ts";
import { START_OPTIONS } from "./start_options.ts";

/** `dbx start`. */
export const command: Command<typeof START_OPTIONS> = {
  name: "start",
  summary: "queue another run of an experiment",
  usage: "[options] <experiment> [-- command …]",
  details:
    `Queues another run of an existing experiment for a dbx agent, with the command of its latest run or the one given.
dbx queue lists queued starts; dbx queue add queues new experiments. A command that seems to contain a secret is refused.`,
  examples: ["dbx start 3f9a", "dbx start 3f9a -- python train.py --resume last.pt"],
  options: START_OPTIONS,
  positionals: { min: 1, max: 1, completes: ["experiment"] },
  servers: true,
  takesRest: true,
  permissions: (_, environment) => ({ read: [environment.repo], write: [environment.repo] }),
};
