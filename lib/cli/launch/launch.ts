import { UsageError } from "../../base/errors.ts";
import { absolute } from "../../base/paths.ts";
import { locateRepository } from "../../client/location/default_repository.ts";
import { isReadable, onlySync, parseLocation } from "../../client/location/location.ts";
import { makeFolders, removeEmptyFolders } from "./new_folders.ts";
import { checkFound, readTrust, type Trust } from "../../client/location/trust.ts";
import type { Command, CommandEnvironment, CommandGroup, CommandTable, Subject } from "../command.ts";
import { allowed, type RunOther } from "./other_commands.ts";
import { helpColumns, ownOutputs, writeLines } from "./own_outputs.ts";
import { canNarrow } from "./narrow.ts";
import { runHere } from "./run_here.ts";
import { HELPER, runInWorker, type RunOrder, sources } from "./run_in_worker.ts";
import { givenEnvironment, visibleVariables } from "./environment.ts";
import { type ExitResult, toExitResult } from "./errors.ts";
import type { Config } from "../config/defaults.ts";
import { configFiles } from "../config/files.ts";
import { findCommand } from "../find_command.ts";
import { commonOptions } from "../common_options.ts";
import { commandFirst, parse } from "../parse.ts";
import { describePermissions, permissionsAsJson, workerPermissions } from "./permissions.ts";
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
  /** Loads what runs a command in the main isolate. */
  readonly loadHere: () => Promise<(order: RunOrder) => Promise<ExitResult>>;
}

/** How to run a command line. */
export interface LaunchOptions {
  /** Gets the lines that it ends with. Default: stderr. */
  readonly say?: (lines: readonly string[]) => void;
  /** Whether the process does nothing afterwards, so that it may give up permissions. Default false. */
  readonly isLast?: boolean;
}

/** Runs one command line with the permissions that the command declares. Returns the exit code. */
export async function launch(
  args: readonly string[],
  program: Program,
  { say, isLast = false }: LaunchOptions = {},
): Promise<number> {
  const { version, commands, worker, loadHere } = program;
  if (args[0] === HELPER) {
    await (await import("../../server/pool/query_process.ts")).serveQueries();
    return 0;
  }
  if (args[0] === COMPLETE) return await complete(args.slice(1), commands);
  const words = commandFirst(args);
  const [name] = words;
  const print = (text: string): number => (ownOutputs().stdout.ownText(text), 0);
  if (name === "--version" || name === "-V") return print(`dbx ${version}\n`);
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    return await page(await help(words, program));
  }
  if (/^(--repo|-R)(=|$)/.test(name)) {
    throw new UsageError(`Cannot run dbx: a command is missing after "${name}"; see dbx help`);
  }
  const { command, path, args: rest } = await findCommand(commands, words);
  if ("subcommands" in command) return await page(await helpText(command));
  const typed = parse(command, rest);
  const options = commonOptions(command, typed);
  if (options.help) return await page(await helpText(command));

  const all = givenEnvironment(Deno.env.toObject());
  const cwd = workingFolder(all);
  const env = command.seesEnvironment ? all : visibleVariables(all);
  const trust = readTrust(all);
  const allowed = command.withoutRepository?.(typed) === true;
  // What does without a repository works also where settings are wrong.
  const config = allowed ? undefined : await settingsIn(all, cwd, trust);
  const defaults = await config?.defaultsFor(command, typed) ?? {};
  const parsed = config === undefined ? typed : parse(command, rest, defaults);
  const named = options.repo;
  if (named.length > 1 && command.severalRepositories !== true) {
    throw new UsageError(`Cannot use --repo ${named.length} times: dbx ${command.name} takes one repository`);
  }
  const repos = named.length === 0
    ? [
      locateRepository({
        env,
        cwd,
        configured: config?.repository(),
        checkFound: (repo) => allowed || checkFound(repo, cwd, trust),
      }),
    ]
    : named.map((repo) => locateRepository({ repo, env, cwd }));
  if (!(allowed && named.length === 0)) { for (const repo of repos) checkReachable(command, repo, cwd); }
  const environment: CommandEnvironment = {
    cwd,
    env,
    repo: repos[0],
    repos: [...new Set(repos)],
    trust,
    tokenFile: options.tokenFile === undefined ? undefined : absolute(options.tokenFile, cwd),
    insecure: options.insecure,
    remotes: config?.remotes(),
    now: Date.now(),
  };
  const set = withRealPaths(await withServers(await command.permissions(parsed, environment), environment));
  if (options.showPermissions) {
    if (!options.json) return print(describePermissions(set));
    ownOutputs().stdout.json(permissionsAsJson(set), 2);
    return 0;
  }
  const { programs, found, tokens, inner } = set;
  const pager = options.pages && ownOutputs().stdout.isTerminal
    ? (await import("./pager.ts")).pagerOf(all, cwd)
    : undefined;
  const order = {
    command: path,
    args: rest,
    defaults,
    environment: { ...environment, programs, found, tokens, inner },
    pages: pager !== undefined,
  };
  const made = makeFolders(set.make ?? []);
  const opening = command.helper?.(parsed, environment);
  const runOther = command.mayRun && runnerOf(command.mayRun, environment, program);
  const permissions = workerPermissions(set, sources());
  const asksMain = pager !== undefined || opening !== undefined || runOther !== undefined ||
    command.usesScreen === true;
  // A terminal may have to be put in order when a signal comes.
  const mayEndAtOnce = command.endsAtOnce === true && !ownOutputs().stdout.isTerminal;
  if (isLast && mayEndAtOnce && !asksMain && made.length === 0 && canNarrow(permissions)) {
    return await runHere(loadHere, order, permissions);
  }
  const surroundings = { opening, pager, runOther, say };
  const exitCode = await runInWorker(worker, order, permissions, command, surroundings);
  if (exitCode !== 0) removeEmptyFolders(made);
  return exitCode;
}

/** The word with which a shell asks what a key completes. It is for scripts of dbx itself, and in no help. */
const COMPLETE = "complete-words";

/** Answers a shell, which must never see an error for a key that was pressed. */
async function complete(args: readonly string[], commands: CommandTable): Promise<number> {
  try {
    const { answer } = await import("../complete/answer.ts");
    await answer(args, commands, ownOutputs().stdout);
    return 0;
  } catch {
    return 1;
  }
}

/** Runs commands with some names for a command, on its repositories; with its words for tokens, and without a word of theirs. */
function runnerOf(
  names: readonly string[],
  { repos, tokenFile, insecure }: CommandEnvironment,
  program: Program,
): RunOther {
  return allowed(names, repos, async ({ name, args, repo }) => {
    const own = [...tokenFile === undefined ? [] : ["--token-file", tokenFile], ...insecure ? ["--insecure"] : []];
    const lines: string[] = [];
    const exitCode = await launch(
      [name, "--repo", repo, "--quiet", ...own, ...args],
      program,
      { say: (said) => lines.push(...said) },
    );
    return { exitCode, lines };
  });
}

/** Shows a long text in pages. */
async function page(text: string): Promise<number> {
  const env = givenEnvironment(Deno.env.toObject());
  const { stdout } = ownOutputs();
  const pager = stdout.isTerminal ? (await import("./pager.ts")).pagerOf(env, workingFolder(env)) : undefined;
  if (pager === undefined) stdout.ownText(text);
  else await (await import("./paged_text.ts")).showPaged(text, env, pager);
  return 0;
}

/** The settings of all files; undefined without such a file, and then nothing is loaded. */
async function settingsIn(
  env: Readonly<Record<string, string>>,
  cwd: string,
  trust: Trust,
): Promise<Config | undefined> {
  const files = configFiles({ env, cwd, trust });
  if (files.length === 0) return undefined;
  return await (await import("../config/defaults.ts")).Config.read(files, trust);
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
  return await (await import("./help.ts")).overview(subjects, helpColumns());
}

async function helpText(command: Command | CommandGroup): Promise<string> {
  return await (await import("./help.ts")).helpOf(command, helpColumns());
}

function workingFolder(env: Readonly<Record<string, string>>): string {
  try {
    return Deno.cwd();
  } catch {
    return env.PWD ?? "/"; // The folder was removed.
  }
}

/** Runs a command line and ends the process: `cli.ts` does no more. */
export async function main(args: readonly string[], program: Program): Promise<never> {
  let ending: ExitResult;
  try {
    ending = { exitCode: await launch(args, program, { isLast: true }), lines: [] };
  } catch (error) {
    ending = toExitResult(error);
  }
  writeLines(ending.lines);
  Deno.exit(ending.exitCode);
}
