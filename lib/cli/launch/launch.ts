import { UsageError } from "../../base/errors.ts";
import { absolute } from "../../base/paths.ts";
import { locateRepository } from "../../client/location/default_repository.ts";
import { isReadable, onlySync, parseLocation } from "../../client/location/location.ts";
import { makeFolders, removeEmptyFolders } from "./new_folders.ts";
import { checkFound, readTrust } from "../../client/location/trust.ts";
import { type Output, standardOutputs } from "../../terminal/output.ts";
import type { Command, CommandEnvironment, CommandGroup, CommandTable, Subject } from "../command.ts";
import type { HelperRequest } from "./helper.ts";
import { givenEnvironment, visibleVariables } from "./environment.ts";
import { type ExitResult, toExitResult } from "./errors.ts";
import { findCommand } from "../find_command.ts";
import { commandFirst, commonOptions, parse } from "../parse.ts";
import { describePermissions, permissionsAsJson, type WorkerPermissions, workerPermissions } from "./permissions.ts";
import { withRealPaths } from "./real_paths.ts";
import { withServers } from "../repository/server_permissions.ts";

/** What there is to run, which `cli.ts` gives: nothing here knows a command. */
export interface Program {
  readonly version: string;
  readonly commands: CommandTable;
  /** The same in the order of the help. */
  readonly subjects: readonly Subject[];
  /** The module that runs a command, as a worker. */
  readonly worker: URL;
}

/** The word with which dbx is its own helper. It is for dbx itself, and in no help. */
const HELPER = "query-helper";

/** A message from the main isolate to the worker. */
export interface RunOrder {
  /** The words that name it. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly around: CommandEnvironment;
}

/** Runs one command line in a worker that holds what the command declares. Returns the exit code. */
export async function launch(args: readonly string[], program: Program): Promise<number> {
  const { version, commands, worker } = program;
  if (args[0] === HELPER) {
    await (await import("../../server/pool/query_process.ts")).serveQueries();
    return 0;
  }
  const words = commandFirst(args);
  const [name] = words;
  const print = (text: string): number => (outputs().stdout.ownText(text), 0);
  if (name === "--version" || name === "-V") return print(`dbx ${version}\n`);
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    return print(await help(words, program));
  }
  if (/^(--repo|-R)(=|$)/.test(name)) {
    throw new UsageError(`Cannot run dbx: a command is missing after "${name}"; see dbx help`);
  }
  const { command, path, args: rest } = await findCommand(commands, words);
  if ("subcommands" in command) return print(await helpText(command));
  const parsed = parse(command, rest);
  const options = commonOptions(command, parsed);
  if (options.help) return print(await helpText(command));

  const all = givenEnvironment(Deno.env.toObject());
  const cwd = workingFolder(all);
  const env = name === "run" ? all : visibleVariables(all);
  const trust = readTrust(all);
  const allowed = command.withoutRepository?.(parsed) === true;
  const named = options.repo;
  if (named.length > 1 && command.severalRepositories !== true) {
    throw new UsageError(`Cannot use --repo ${named.length} times: dbx ${command.name} takes one repository`);
  }
  const repos = named.length === 0
    ? [locateRepository({ env, cwd, checkFound: (repo) => allowed || checkFound(repo, cwd, trust) })]
    : named.map((repo) => locateRepository({ repo, env, cwd }));
  if (!(allowed && named.length === 0)) { for (const repo of repos) checkReachable(command, repo, cwd); }
  const around: CommandEnvironment = {
    cwd,
    env,
    repo: repos[0],
    repos: [...new Set(repos)],
    trust,
    tokenFile: options.tokenFile === undefined ? undefined : absolute(options.tokenFile, cwd),
    insecure: options.insecure,
    now: Date.now(),
  };
  const set = withRealPaths(await withServers(await command.permissions(parsed, around), around));
  if (options.showPermissions) {
    if (!options.json) return print(describePermissions(set));
    outputs().stdout.json(permissionsAsJson(set), 2);
    return 0;
  }
  const { programs, tokens, inner } = set;
  const order = { command: path, args: rest, around: { ...around, programs, tokens, inner } };
  const made = makeFolders(set.make ?? []);
  const opening = command.helper?.(parsed, around);
  const exitCode = await runInWorker(worker, order, workerPermissions(set, sources()), command, opening);
  if (exitCode !== 0) removeEmptyFolders(made);
  return exitCode;
}

/** Refuses a repository that the command cannot work on where it is. */
function checkReachable(command: Command, repo: string, cwd: string): void {
  const location = parseLocation(repo, cwd);
  if (location.kind === "folder") return;
  if (!isReadable(location)) {
    throw new UsageError(`Cannot use dbx ${command.name} on ${repo}: ${onlySync(location)}`);
  }
  if (command.servers) return;
  throw new UsageError(`Cannot use dbx ${command.name} on the server ${repo}: it works on a repository in a folder`);
}

/** The text of `dbx`, `dbx help` and `dbx help <command>`. */
async function help([, ...words]: readonly string[], { commands, subjects }: Program): Promise<string> {
  if (words.length > 0 && words[0] !== "help" && !words[0].startsWith("-")) {
    return await helpText((await findCommand(commands, words, { help: true })).command);
  }
  return await (await import("./help.ts")).overview(subjects, columns());
}

async function helpText(command: Command | CommandGroup): Promise<string> {
  return await (await import("./help.ts")).helpOf(command, columns());
}

/** The outputs of this isolate. A running command has its own. */
function outputs(): { readonly stdout: Output; readonly stderr: Output } {
  return standardOutputs(Deno.env.toObject());
}

/** The width of the terminal that help goes to; undefined where it goes elsewhere. */
function columns(): number | undefined {
  const { stdout } = outputs();
  return stdout.isTerminal ? stdout.columns : undefined;
}

/** Says how a command line ended. */
function writeLines(lines: readonly string[]): void {
  try {
    outputs().stderr.lines(lines);
  } catch {
    // stderr is closed: the exit code is all that is left to say.
  }
}

function workingFolder(env: Readonly<Record<string, string>>): string {
  try {
    return Deno.cwd();
  } catch {
    return env.PWD ?? "/"; // The folder was removed.
  }
}

/** From source, a worker loads its modules through its own permissions: its files and those of packages. */
function sources(): string[] {
  if (Deno.build.standalone) return [];
  const url = new URL("../../../", import.meta.url);
  if (url.protocol !== "file:") return [];
  return [decodeURIComponent(url.pathname).replace(/\/$/, "")];
}

/** The words for the runtime that start dbx from source. */
function fromSource(folder: string): string[] {
  return ["run", "-A", "--quiet", "--no-prompt", "--config", `${folder}/deno.json`, `${folder}/cli.ts`];
}

/** How long a worker that only reads may take to end by itself after a signal: it may be too busy to hear of it. */
const KILL_DELAY_MS = 100;

function runInWorker(
  module: URL,
  order: RunOrder,
  permissions: WorkerPermissions,
  { handlesSignals, endsAtOnce }: Pick<Command, "handlesSignals" | "endsAtOnce">,
  opening: ReturnType<NonNullable<Command["helper"]>> | undefined,
): Promise<number> {
  const options = { type: "module", name: "dbx", deno: { permissions } } as WorkerOptions;
  const worker = new Worker(module, options);
  // A signal reaches the whole process; the worker listens and decides, so the main isolate must not die of it. The
  // second one ends a worker that is too busy to listen, and of a command that only reads the first one does. A command that
  // handles signals must find them as dbx was given them.
  let signals = 0;
  for (const [signal, code] of handlesSignals ? [] : [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    Deno.addSignalListener(signal, () => {
      if (++signals > 1) Deno.exit(code);
      if (endsAtOnce) setTimeout(() => Deno.exit(code), KILL_DELAY_MS);
    });
  }
  return new Promise((resolve) => {
    worker.onmessage = async (message: MessageEvent<ExitResult | HelperRequest>) => {
      if ("helper" in message.data) {
        const { startHelper } = await import("./helper.ts");
        if (opening !== undefined) {
          startHelper(message.data.helper, [...sources().flatMap(fromSource), HELPER], opening);
        }
        return;
      }
      writeLines(message.data.lines);
      resolve(message.data.exitCode);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      writeLines([`dbx: this is a bug in dbx: ${event.message}`]);
      resolve(70);
    };
    worker.postMessage(order);
  });
}

/** Runs a command line and ends the process: `cli.ts` does no more. */
export async function main(args: readonly string[], program: Program): Promise<never> {
  let ending: ExitResult;
  try {
    ending = { exitCode: await launch(args, program), lines: [] };
  } catch (error) {
    ending = toExitResult(error);
  }
  writeLines(ending.lines);
  Deno.exit(ending.exitCode);
}
