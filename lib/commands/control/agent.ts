import { UsageError } from "../../base/errors.ts";
import { absolute } from "../../base/paths.ts";
import type { Command, CommandEnvironment, OptionSpec, Parsed } from "../../cli/command.ts";
import { logPermissionPaths } from "../../cli/repository/log_permissions.ts";
import { ownWords } from "../../cli/own_command.ts";
import { findPrograms, isLoaderVariable, pathsOf } from "../../fs/find_program.ts";
import type { Allowance } from "./allow_list.ts";

/** What a command line lets others start. */
export function allowanceOf(parsed: Parsed<typeof OPTIONS>, environment: Pick<CommandEnvironment, "cwd">): Allowance {
  const folders = parsed.options.cwd.map((folder) => absolute(folder, environment.cwd));
  return {
    commands: parsed.options.allow,
    folders: folders.length > 0 ? folders : [environment.cwd],
    env: parsed.options.env,
  };
}

/** The options of `dbx agent`. */
export const OPTIONS = [
  { name: "allow", kind: "list", value: "PATTERN", help: "a command that others may start here" },
  {
    name: "cwd",
    kind: "list",
    value: "DIR",
    help: "a folder that commands may run in; the first one is the default",
    default: "this one",
  },
  { name: "env", short: "e", kind: "list", value: "NAME", help: "a variable that a queued command may set" },
  {
    name: "slots",
    kind: "text",
    value: "N|gpu",
    help: "runs at a time; gpu: one for each GPU that nvidia-smi lists, reserved for that run",
    default: "1",
  },
  {
    name: "name",
    kind: "text",
    value: "NAME",
    help: "the name of this agent in runs",
    default: "the name of its token, else of the host",
  },
  { name: "once", kind: "flag", help: "exit when no allowed command is waiting or running" },
  { name: "interval", kind: "number", value: "S", help: "seconds between checks of the queue", default: "2" },
  { name: "jsonl", kind: "flag", help: "report events as lines of JSON" },
] as const satisfies readonly OptionSpec[];

/** `dbx agent`. */
export const command: Command<typeof OPTIONS> = {
  name: "agent",
  summary: "run queued commands that are allowed here",
  usage: "--allow PATTERN … [options]",
  details:
    `Takes starts from the queue of a repository and runs them with dbx run, which records them there. A command runs only if it
matches an --allow pattern: the first word of a pattern is the program, the others are arguments; * and ? match parts of a word,
but never / or .., and only a final word ** matches any further words (the person who queues a command can then pass options
that you did not think of). Without --allow nothing runs. A queued command may use only the folders given by --cwd and the
variables given by --env. Each start runs at most once, also with several agents. When the agent ends, the runs that it started
continue; when it starts again, they count towards its slots. dbx stop stops runs. A server with tokens requires one with the
role agent (dbx token add NAME --role agent) or control; a token with the role agent also gives the agent its name, and starts
queued for particular agents are matched by that name.`,
  examples: [
    "dbx agent --repo http://lab:7070 --allow 'python train.py --config configs/*.yaml' --slots gpu",
    "dbx agent --allow 'python train.py --lr * --seed *' --allow 'make test' --cwd ~/project --env SEED",
  ],
  exitCodes: { 0: "it was stopped, or with --once nothing is left to run" },
  options: OPTIONS,
  goesAhead: true,
  positionals: { min: 0, max: 0 },
  servers: true,
  endsBySignal: true,
  permissions(parsed, environment) {
    const { commands, folders } = allowanceOf(parsed, environment);
    if (commands.length === 0) throw new UsageError("Cannot start an agent: without --allow it would run nothing");
    const programs = findPrograms(parsed.options.slots === "gpu" ? ["nvidia-smi"] : [], environment);
    const run = [ownWords()[0], ...pathsOf(programs)];
    const paths = [environment.repo, ...logPermissionPaths(environment)];
    const set = { read: [...paths, ...folders, ...run], write: [environment.repo], programs, sys: ["hostname"] };
    const loader = Object.keys(Deno.env.toObject()).filter(isLoaderVariable);
    const why = ["it starts dbx run, which gets permission only for the program that it runs"];
    if (loader.length === 0) return { ...set, run, why };
    why.push(
      `the runtime lets a program be started with ${loader.join(", ")} in the environment only under an unscoped run ` +
        `permission, so this command line may start any program; it starts dbx run`,
    );
    return { ...set, run: true, why };
  },
};
