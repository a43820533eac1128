import type { Command, OptionSpec } from "../../../cli/command.ts";
import { logPermissionPaths } from "../../../cli/repository/log_permissions.ts";
import { EXPERIMENT_OPTIONS } from "../../record/params/experiment_options.ts";
import { paramsPermissions } from "../../record/params/params_permissions.ts";
import { START_OPTIONS } from "../start_options.ts";

/** The options of `dbx queue add`. */
export const OPTIONS = [...EXPERIMENT_OPTIONS, ...START_OPTIONS] as const satisfies readonly OptionSpec[];

/** `dbx queue add`. */
export const command: Command<typeof OPTIONS> = {
  name: "queue add",
  summary: "create an experiment, and request a run of it",
  usage: "[options] -- command …",
  details:
    `Creates an experiment, as dbx run would, and requests a run of it. A command that seems to contain a secret is refused, because
the queue is stored permanently.`,
  examples: ["dbx queue add --kind mnist --repo http://lab:7070 -- python train.py --lr 0.1"],
  options: OPTIONS,
  positionals: { min: 0, max: 0 },
  servers: true,
  takesRest: true,
  permissions: (parsed, environment) => {
    const params = paramsPermissions(parsed, environment);
    const paths = [environment.repo, ...logPermissionPaths(environment)];
    return { ...params, read: [...paths, ...params.read], write: paths, make: logPermissionPaths(environment) };
  },
};
